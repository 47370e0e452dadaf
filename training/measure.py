"""Every figure about a model, from the dev splits and the sets built from them."""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training import traps
from training.answers import NEUTRAL, Runner, decide, scaled, stance_probabilities
from training.calibrate import fitting_half
from training.corpus import Pair, Single, singles, stance_pairs
from training.figures import Array, calibration_error, macro_f1
from training.opeds import OPEDS, read_pieces, some_passages, topic_texts
from training.topics import CODES, UNUSED

Labels = NDArray[np.int64]

SIDED = ("procon20", "ibm_arg_30k", "perspectrum")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with a 95% bootstrap interval over its `n` rows."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class DevSets:
    """The dev pairs by source, the built sets, and the dev texts."""

    real: dict[str, list[Pair]]
    built: dict[str, traps.Trap]
    texts: list[Single]

    def for_calibration(self) -> dict[str, list[Pair]]:
        """Real sources and the built sets that say what neutral is."""
        names = ("swapped", "mention_built", "mention_found", "both_sides")
        rows = {source: pairs for source, pairs in self.real.items() if not source.startswith("semeval")}
        return rows | {name: self.built[name].pairs for name in names if self.built[name].pairs}


def dev_sets(data: Path, embed: Callable[[Sequence[str]], Array]) -> DevSets:
    """Read the dev splits, our own op-eds too, and build the trap sets (`embed` finds what is near: untrained)."""
    rng = random.Random("traps")
    pairs = stance_pairs(data, "dev")
    real: dict[str, list[Pair]] = {}
    for pair in pairs:
        real.setdefault(pair.source, []).append(pair)
    pieces = read_pieces(OPEDS, "dev")
    real["opeds"] = some_passages(pieces, "plain", 1200)
    texts = singles(data, "dev")
    targets = sorted({pair.target for pair in pairs})
    vectors = embed(targets)
    near = vectors @ vectors.T
    likeness = {
        (targets[i], targets[j]): float(near[i, j]) for i, j in zip(*np.nonzero(near >= 0.3), strict=True)
    }
    statements = sorted({pair.target for pair in pairs if pair.source in SIDED})
    passages = traps.dev_passages(texts)
    built = {
        "swapped": traps.swapped(pairs, likeness, rng),
        "removed": traps.removed(pairs, rng),
        "negated": traps.negated(pairs, rng),
        "mention_built": traps.mentions_built(pairs, rng),
        "mention_found": traps.mentions_found(statements, embed(statements), passages, embed(passages)),
        **traps.quoted(pairs, rng),
    }
    return DevSets(real, built, [*texts, *topic_texts(pieces)])


def bootstrap(n: int, figure: Callable[[Labels], float], rounds: int = 500) -> Figure:
    """Value over all rows and the 2.5% / 97.5% quantiles over resampled rows."""
    draw = np.random.default_rng(0)
    values = [figure(draw.integers(0, n, n)) for _ in range(rounds)] if n else [float("nan")]
    low, high = np.quantile(values, [0.025, 0.975])
    return Figure(figure(np.arange(n)) if n else float("nan"), float(low), float(high), n)


class _Answers:
    """A runner's calibrated answers to a list of pairs."""

    def __init__(self, runner: Runner, pairs: Sequence[Pair], config: Mapping[str, Any]) -> None:
        outputs = runner([p.target for p in pairs], [p.text for p in pairs])
        self.gold = np.array([NEUTRAL if p.stance is None else p.stance for p in pairs], dtype=np.int64)
        self.stance = stance_probabilities(outputs, config)
        self.relevance = scaled(outputs, "relevance", config)
        self.said = decide(self.stance, self.relevance, config)


def measure(runner: Runner, config: Mapping[str, Any], sets: DevSets) -> dict[str, Figure]:
    """All figures, by name."""
    out: dict[str, Figure] = {}
    pooled: list[tuple[Array, int]] = []
    by_source: dict[str, _Answers] = {}
    for source, pairs in sorted(sets.real.items()):
        got = by_source[source] = _Answers(runner, pairs, config)
        if source in SIDED:
            forced = got.stance[:, :2].argmax(axis=1)
            out[f"{source} favor/against macro-F1"] = _f1(got.gold, forced, (0, 1))
            out[f"{source} answered, neutral counts as wrong"] = _f1(got.gold, got.said, (0, 1))
        else:
            out[f"{source} macro-F1"] = _f1(got.gold, got.said, (0, 1, 2))
        held = [i for i, pair in enumerate(pairs) if not fitting_half(pair.text)]
        pooled.extend((got.stance[i], int(got.gold[i])) for i in held if source != "semeval2016")
    for note in ("zero", "few"):
        rows = np.array(
            [i for i, pair in enumerate(sets.real.get("vast", [])) if pair.note == note], dtype=int
        )
        if len(rows):
            vast = by_source["vast"]
            out[f"vast {note}-shot macro-F1"] = _f1(vast.gold[rows], vast.said[rows], (0, 1, 2))
    out |= _traps(runner, config, sets)
    p, gold = np.stack([row for row, _ in pooled]), [label for _, label in pooled]
    out["stance ECE"] = bootstrap(len(gold), lambda i: calibration_error(p[i], [gold[j] for j in i]), 100)
    out |= _coverage(p, np.asarray(gold))
    return out | measure_texts(runner, config, sets.texts)


def _share(hits: Array) -> Figure:
    return bootstrap(len(hits), lambda i: float(hits[i].mean()))


def _f1(gold: Labels, said: Labels, classes: tuple[int, ...]) -> Figure:
    return bootstrap(len(gold), lambda i: macro_f1(gold[i].tolist(), said[i].tolist(), classes))


def _traps(runner: Runner, config: Mapping[str, Any], sets: DevSets) -> dict[str, Figure]:
    out = {}
    for name, trap in sets.built.items():
        if not trap.pairs:
            continue
        got = _Answers(runner, trap.pairs, config)
        if trap.original is not None:
            before = _Answers(runner, trap.original, config)
            # asked as a user would: does a text on one side of a statement come out on the other side of its denial?
            first, second = before.stance[:, :2].argmax(1), got.stance[:, :2].argmax(1)
            turned = (first != second).astype(np.float32)
            out[f"{name}: turns round"] = _share(turned)
            sided = np.nonzero(before.said != NEUTRAL)[0]
            flips = (got.said[sided] == 1 - before.said[sided]).astype(np.float32)
            out[f"{name}: turns round, answers as given"] = _share(flips)
        elif all(pair.stance == NEUTRAL for pair in trap.pairs):
            sided_share = (got.said != NEUTRAL).astype(np.float32)
            out[f"{name}: still favor/against"] = _share(sided_share)
        else:
            right = (got.said == got.gold).astype(np.float32)
            forced = (got.stance[:, :2].argmax(1) == got.gold).astype(np.float32)
            out[f"{name}: author's side, answers as given"] = _share(right)
            out[f"{name}: author's side"] = _share(forced)
    return out


def _coverage(p: Array, gold: Array) -> dict[str, Figure]:
    """Accuracy on the most certain part of the answers: the abstention curve."""
    confidence, right = p.max(axis=1), (p.argmax(axis=1) == gold).astype(np.float32)
    order = np.argsort(-confidence)
    out = {}
    for share in (1.0, 0.8, 0.6, 0.4):
        kept = right[order[: int(share * len(order))]]
        out[f"accuracy at {share:.0%} coverage"] = _share(kept)
    return out


def measure_texts(runner: Runner, config: Mapping[str, Any], texts: Sequence[Single]) -> dict[str, Figure]:
    """Figures of topic and opinion alone."""
    outputs = runner([single.text for single in texts], None)
    topic, opinion = scaled(outputs, "topic", config), scaled(outputs, "opinion", config)[:, 0]
    out = {}
    for source in ("nyt_front_page", "us_bills", "editorial", "opeds"):
        rows = [
            i
            for i, s in enumerate(texts)
            if s.topics
            and (s.source == source or (source == "editorial" and s.source.startswith("allsides")))
        ]
        if not rows:
            continue
        p = topic[rows].copy()
        p[:, [CODES.index(code) for code in UNUSED.get(source, ())]] = 0.0
        gold = np.array([_first(texts[i]) for i in rows])
        said = p.argmax(axis=1)
        classes = tuple(sorted(set(gold.tolist())))
        right = (said == gold).astype(np.float32)
        out[f"{source} topic macro-F1"] = _f1(gold, said, classes)
        out[f"{source} topic accuracy"] = _share(right)
        open_said = topic[rows].argmax(axis=1)
        open_right = (open_said == gold).astype(np.float32)
        out[f"{source} topic accuracy, all codes open"] = _share(open_right)
    marked = [i for i, s in enumerate(texts) if s.opinion is not None]
    if marked:
        gold = np.array([int(texts[i].opinion or 0) for i in marked])
        p_opinion = opinion[marked]
        out["opinion AUC"] = bootstrap(len(gold), lambda i: _auc(gold[i], p_opinion[i]), 200)
    taken = opinion >= float(config["thresholds"]["opinion"])
    for name, source, mark in (
        ("opeds: passages of opinion taken for opinion", "opeds", 1.0),
        ("opeds: passages of reports taken for opinion", "opeds", 0.0),
        ("nyt_front_page taken for opinion", "nyt_front_page", None),
        ("us_bills taken for opinion", "us_bills", None),
    ):
        if rows := [i for i, s in enumerate(texts) if s.source == source and s.opinion == mark]:
            out[name] = _share(taken[rows].astype(np.float32))
    return out


def _first(single: Single) -> int:
    assert single.topics
    return single.topics[0]


def _auc(gold: Array, p: Array) -> float:
    """Chance that a random opinion piece scores above a random report (ties count half)."""
    positive, negative = p[gold == 1], p[gold == 0]
    if not len(positive) or not len(negative):
        return float("nan")
    ranks = np.argsort(np.argsort(np.concatenate([positive, negative]), kind="stable"), kind="stable")
    hits = ranks[: len(positive)].sum() - len(positive) * (len(positive) - 1) / 2
    return float(hits / (len(positive) * len(negative)))
