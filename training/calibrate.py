"""Fit the few numbers between raw outputs and probabilities, and choose the thresholds, on dev.

The stance gets one temperature and one bias a class (vector scaling with a shared scale; Guo et al. 2017), the
sigmoid outputs a temperature and a bias (Platt scaling). Every source counts the same. Half of each set is used
to fit; the calibration error is measured on the other half.

The stance is fitted on the real sources and one built set, the swapped targets: with all built neutral sets in
the fit, four sources that say nothing but neutral outweigh VAST, which then comes out neutral throughout.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped,unused-ignore]  # no stubs of its own

from training.answers import NEUTRAL, Runner, sigmoid
from training.corpus import Pair, Single
from training.figures import Array, softmax
from training.folder import Calibration, Thresholds
from training.topics import CODES

#: Cosine of target and passage from which a pair is read. Not fitted: the dev arguments leave out what they are about,
#: which articles do not. In whole pieces the best passage on a target reaches .36 or more.
SCREEN = 0.33
NOT_IN_STANCE_FIT = frozenset({"mention_built", "mention_found", "both_sides"})


def fitting_half(text: str) -> bool:
    """Whether a text belongs to the half that calibration is fitted on."""
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 0


def _source_weights(sources: Sequence[str]) -> Array:
    names, counts = np.unique(np.asarray(sources), return_counts=True)
    share = dict(zip(names.tolist(), (1.0 / counts).tolist(), strict=True))
    weights = np.array([share[source] for source in sources], dtype=np.float32)
    return np.asarray(weights / weights.sum(), dtype=np.float32)


def _platt(logits: Array, gold: Array, weights: Array) -> tuple[float, float]:
    known = ~np.isnan(gold)
    x, y, w = logits[known], gold[known], weights[known]

    def loss(parameters: Array) -> float:
        p = np.clip(sigmoid(x * np.exp(-parameters[0]) + parameters[1]), 1e-6, 1 - 1e-6)
        return float(-(w * (y * np.log(p) + (1 - y) * np.log(1 - p))).sum() / w.sum())

    best = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    return float(np.exp(best[0])), float(best[1])


def fit_stance(logits: Array, gold: Sequence[int], sources: Sequence[str]) -> tuple[float, tuple[float, ...]]:
    """Temperature and class biases (that of favor is 0) with the least weighted negative log-likelihood."""
    weights, labels = _source_weights(sources), np.asarray(gold)
    rows = np.arange(len(labels))

    def loss(parameters: Array) -> float:
        bias = np.array([0.0, parameters[1], parameters[2]])
        p = softmax((logits * np.exp(-parameters[0]) + bias).astype(np.float32))
        return float(-(weights * np.log(np.clip(p[rows, labels], 1e-6, 1.0))).sum())

    best = minimize(loss, np.zeros(3), method="Nelder-Mead").x
    return float(np.exp(best[0])), (0.0, float(best[1]), float(best[2]))


def calibrate(
    runner: Runner, pairs: Mapping[str, Sequence[Pair]], singles: Sequence[Single]
) -> tuple[Calibration, Thresholds]:
    """Fit on the fitting half of `pairs` (by source, real and built) and of `singles`."""
    chosen = [
        pair.having(source=source)
        for source, rows in pairs.items()
        for pair in rows
        if fitting_half(pair.text)
    ]
    outputs = runner([p.target for p in chosen], [p.text for p in chosen])
    sources = [p.source for p in chosen]
    fitted = [i for i, source in enumerate(sources) if source not in NOT_IN_STANCE_FIT]
    temperature, bias = fit_stance(
        outputs["stance_logits"][fitted],
        [chosen[i].stance or 0 for i in fitted],
        [sources[i] for i in fitted],
    )
    about = np.array([np.nan if p.about is None else p.about for p in chosen], dtype=np.float32)
    weights = _source_weights(sources)
    r_scale, r_bias = _platt(outputs["relevance_logit"][:, 0], about, weights)

    calibration = Calibration(
        stance_temperature=temperature,
        stance_bias=(bias[0], bias[1], bias[2]),
        relevance_temperature=r_scale,
        relevance_bias=r_bias,
    )
    stance = softmax(outputs["stance_logits"] / temperature + np.asarray(bias, dtype=np.float32))
    relevance = sigmoid(outputs["relevance_logit"][:, 0] / r_scale + r_bias)
    swapped = [i for i, source in enumerate(sources) if source == "swapped"]
    thresholds = Thresholds(
        stance=0.34,  # the likeliest answer: a higher bar costs VAST more than it saves elsewhere
        relevance=_relevance_threshold(relevance[swapped], stance[swapped]),
        screen=SCREEN,
    )
    return calibrate_texts(runner, singles, _rounded(calibration), thresholds)


def calibrate_texts(
    runner: Runner, singles: Sequence[Single], calibration: Calibration, thresholds: Thresholds
) -> tuple[Calibration, Thresholds]:
    """Fit topic and opinion on the fitting half of `singles`; what concerns pairs stays as it is."""
    texts = [single for single in singles if fitting_half(single.text)]
    single_outputs = runner([s.text for s in texts], None)
    gold = np.full((len(texts), len(CODES)), np.nan, dtype=np.float32)
    for row, single in enumerate(texts):
        if single.topics is not None:
            gold[row] = 0.0
            gold[row, list(single.silent)] = np.nan
            gold[row, list(single.topics)] = 1.0
    flat = single_outputs["topic_logits"].ravel()
    t_scale, t_bias = _platt(flat, gold.ravel(), np.ones_like(flat))
    opinion = np.array([np.nan if s.opinion is None else s.opinion for s in texts], dtype=np.float32)
    # marks are rare and far from complete: weigh both classes alike
    marked = np.where(opinion == 1.0, 1.0 / max(1, (opinion == 1).sum()), 1.0 / max(1, (opinion == 0).sum()))
    o_scale, o_bias = _platt(single_outputs["opinion_logit"][:, 0], opinion, marked.astype(np.float32))

    topic = sigmoid(single_outputs["topic_logits"] / t_scale + t_bias)
    fitted = replace(
        calibration,
        topic_temperature=t_scale,
        topic_bias=t_bias,
        opinion_temperature=o_scale,
        opinion_bias=o_bias,
    )
    return _rounded(fitted), replace(thresholds, topic=_topic_threshold(topic, gold))


def _rounded(calibration: Calibration) -> Calibration:
    numbers = {
        name: round(value, 4)
        for name in calibration.__slots__
        if isinstance(value := getattr(calibration, name), float)
    }
    b = calibration.stance_bias
    return replace(calibration, **numbers, stance_bias=(round(b[0], 4), round(b[1], 4), round(b[2], 4)))


def _topic_threshold(p: Array, gold: Array, answered: float = 0.9) -> float:
    """Find the threshold at which `answered` of the texts that have a topic get one; at most 0.3."""
    best = p[np.nansum(gold, axis=1) > 0].max(axis=1)
    return round(min(0.3, float(np.quantile(best, 1 - answered))), 2)


def _relevance_threshold(relevance: Array, stance: Array, sided: float = 0.055) -> float:
    """Find the lowest threshold at which at most `sided` of the swapped targets still come out on a side."""
    taken = stance.argmax(axis=1) != NEUTRAL
    for threshold in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95):
        if float((taken & (relevance >= threshold)).mean()) <= sided:
            return threshold
    return 0.95
