"""``python -m training.shares``: compare means of two networks, at several shares, on pieces that training left out.

A network that was trained further is averaged with the one that it began with (:mod:`training.weight_average`). This
command prints what each share of the other network costs or gains, so that the share is chosen on pieces that no
network was trained on. Packs, relevance and screen are those of use; the weights are not rounded, and no
answer is calibrated.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (if torch is not installed, mypy does not know its classes)

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from transformers import PreTrainedTokenizerBase

from models import STANCES
from models.folder import open_text_graph
from models.huggingface import batches_of_similar_length
from models.packs import Pack, pack, screen_score, tokens_of_pack
from models.settings import Thresholds, read_settings
from models.similarity import Phrase
from training.added_statements import with_added_statements
from training.batches import encode_pairs, pad
from training.checkpoints import load_pair_network
from training.commands import exit_code_of
from training.cross_statements import with_cross_statements
from training.examples import Example
from training.export import WORTH_WEIGHT
from training.figures import share_of
from training.held_out import held_out
from training.losses import sentence_logits
from training.network import PairNetwork
from training.opeds_data import KINDS, Label, read_opeds
from training.packing import Prepared, phrases_of, prepare, statements_of, wordings_of
from training.weight_average import write_average

#: Largest number of tokens in a batch, padding included.
_BATCH_TOKENS = 8192
_FAVOR, _AGAINST = STANCES.index("favor"), STANCES.index("against")


@dataclass(frozen=True, slots=True)
class Asked:
    """An input of the network, and what is known of it.

    Attributes
    ----------
    kind
        ``own`` or ``general`` for a side, ``silent`` for a statement that was asked one by one and found silent.
    side
        1 if the author agrees, -1 if the author disagrees, 0 for a silent one.
    other
        Whether this is the other wording of the question before it.
    added
        What is added to the logit of the relevance in use: the weighted worth of the piece, or minus infinity if the
        piece does not pass the screen, because then it is not read for the statement.
    """

    example: Example
    kind: str
    side: int
    other: bool
    added: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a network.

    Attributes
    ----------
    lean
        The logit of "favor" minus that of "against".
    about
        The network's logit of the relevance, without what is added to it in use.
    shown
        Whether the first sentence of evidence lies in a named paragraph; None if no paragraph is named.
    """

    lean: float
    about: float
    shown: bool | None


def questions(
    pieces: Sequence[Prepared], phrases: Mapping[str, Phrase], thresholds: Thresholds
) -> Iterator[Asked]:
    """Yield the sides of the pieces in each wording, and all statements that were asked one by one and found silent."""
    for prepared in pieces:
        for label in prepared.piece.labels:
            if label.stance == "neutral":
                continue
            side = 1 if label.stance == "favor" else -1
            for number, wording in enumerate(wordings_of(label)):
                example, added = _example(prepared, wording, phrases[wording], thresholds, label)
                yield Asked(example, "own" if label.own else "general", side, number > 0, added)
        for statement in (*prepared.piece.hard, *prepared.piece.mistaken):
            example, added = _example(prepared, statement, phrases[statement], thresholds, None)
            yield Asked(example, "silent", 0, other=False, added=added)


def _example(
    prepared: Prepared, wording: str, phrase: Phrase, thresholds: Thresholds, label: Label | None
) -> tuple[Example, float]:
    """Make the input of the network, and what is added to its relevance."""
    worth = prepared.worth(wording, phrase)
    score = screen_score(worth)
    packed = pack(prepared.layout, worth, tokens_of_pack(score, thresholds.full_pack))
    added = WORTH_WEIGHT * packed.worth if score >= thresholds.screen else -np.inf
    return _input(prepared, wording, packed, label), added


def _input(prepared: Prepared, wording: str, packed: Pack, label: Label | None) -> Example:
    if label is None:
        return Example(wording, packed.text, None, 0.0)
    shown = prepared.shown_by(packed, label.paragraphs) if label.paragraphs else ()
    return Example(wording, packed.text, STANCES.index(label.stance), 1.0, packed.starts, shown)


@torch.no_grad()
def ask(
    network: PairNetwork, tokenizer: PreTrainedTokenizerBase, examples: Sequence[Example]
) -> list[Answer]:
    """Ask a network; return an answer for each example, in their order."""
    encoded = encode_pairs(tokenizer, examples)
    answer_of: dict[int, Answer] = {}
    for rows in batches_of_similar_length([len(encoding) for encoding in encoded], _BATCH_TOKENS):
        inputs, sentences = pad([encoded[row] for row in rows], tokenizer.pad_token_id)
        answers = network(**inputs)
        most = 1 + int(sentences.max())
        first = sentence_logits(answers.evidence_logits, sentences, most).argmax(1) - 1
        for index, row in enumerate(rows):
            stance, shown = answers.stance_logits[index], examples[row].shown
            answer_of[row] = Answer(
                float(stance[_FAVOR] - stance[_AGAINST]),
                float(answers.relevance_logit[index]),
                shown[int(first[index])] if any(shown) and int(first[index]) < len(shown) else None,
            )
    return [answer_of[row] for row in range(len(examples))]


def figures(asked: Sequence[Asked], answers: Sequence[Answer]) -> dict[str, float]:
    """Return the share of right answers by kind of question, and how well the relevance finds the general sides."""
    right = [np.sign(answer.lean) == question.side for question, answer in zip(asked, answers, strict=True)]
    pairs = [
        (row - 1, row) for row, question in enumerate(asked) if question.other and question.kind == "own"
    ]
    leans = np.array([answer.lean for answer in answers])
    sides = np.array([question.side for question in asked])
    general = [row for row, question in enumerate(asked) if question.kind != "own"]
    own = [row for row, question in enumerate(asked) if question.kind == "own"]
    # Of as many of the most relevant general statements as there are sides, how many are sides (R-precision). The
    # relevance is that of use; a side that the screen leaves out is not found.
    about = [answer.about + question.added for question, answer in zip(asked, answers, strict=True)]
    relevant = sorted(general, key=lambda row: -about[row])[: sum(sides[row] != 0 for row in general)]
    shown = [answers[row].shown for row in own if answers[row].shown is not None]
    return {
        "own": share_of([right[row] for row in own if not asked[row].other]),
        "their other wording": share_of([right[row] for row in own if asked[row].other]),
        "both on one side": share_of([leans[a] * leans[b] > 0 for a, b in pairs]),
        "both right": share_of([right[a] and right[b] for a, b in pairs]),
        "mean right": share_of([(leans[a] + leans[b]) * sides[a] > 0 for a, b in pairs]),
        "general": share_of([right[row] for row in general if sides[row]]),
        "general among the most relevant": share_of(
            [bool(sides[row]) and about[row] > -np.inf for row in relevant]
        ),
        "evidence": share_of([bool(truth) for truth in shown]),
    }


def table(columns: Mapping[str, Mapping[str, float]]) -> str:
    """Render a row for each figure, and a column for each network."""
    names = next(iter(columns.values()))
    lines = [f"| | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    lines += [
        f"| {name} | {' | '.join(f'{column[name]:.3f}' for column in columns.values())} |" for name in names
    ]
    return "\n".join(lines)


def compare(
    data: Path,
    checkpoint: Path,
    other: Sequence[Path],
    shares: Sequence[float],
    frozen: int,
    *,
    texts: Path,
) -> None:
    """Print the figures of the means of two networks, one column for each share.

    Parameters
    ----------
    data
        The folder with ``opeds.parquet``.
    checkpoint, other, frozen
        The two networks and the layers that are not averaged, as for
        :func:`training.weight_average.write_average`.
    shares
        The shares of the other network, each 0 to 1.
    texts
        The model folder whose text graph chooses passages.

    Raises
    ------
    CommentariatError
        If data or weights are missing or do not fit, or a share is out of its range.
    """
    text_graph = open_text_graph(texts)
    every = read_opeds(data, "train", kinds=KINDS)
    left_out = held_out(every)
    pieces = [piece for piece in with_cross_statements(with_added_statements(every)) if piece.id in left_out]
    phrases = phrases_of(statements_of(pieces), text_graph)
    asked = list(questions(prepare(pieces, text_graph), phrases, read_settings(texts).thresholds))
    kinds = {
        kind: sum(question.kind == kind and not question.other for question in asked)
        for kind in ("own", "general", "silent")
    }
    print(f"{len(pieces)} pieces: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
    columns: dict[str, dict[str, float]] = {}
    for share in shares:
        with TemporaryDirectory() as folder:
            mean = Path(folder) / "mean.pt"
            write_average(checkpoint, other, share, frozen, mean)
            network, tokenizer, _ = load_pair_network(mean)
        answers = ask(network, tokenizer, [question.example for question in asked])
        columns[f"share {share:g}"] = figures(asked, answers)
    print(table(columns))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.shares", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with opeds.parquet")
    parser.add_argument("--checkpoint", type=Path, required=True, help="checkpoint of python -m training")
    parser.add_argument("--other", type=Path, nargs="+", required=True, help="weights of the other network")
    parser.add_argument(
        "--shares",
        type=float,
        nargs="+",
        default=[0.0, 0.5, 1.0],
        help="shares of the other network (%(default)s)",
    )
    parser.add_argument(
        "--frozen", type=int, default=2, help="lower layers that were not trained (%(default)s)"
    )
    parser.add_argument("--texts", type=Path, default=Path("models/fast"), help="as for python -m training")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    args = _parser().parse_args(arguments)
    return exit_code_of(
        lambda: compare(args.data, args.checkpoint, args.other, args.shares, args.frozen, texts=args.texts)
    )


if __name__ == "__main__":
    sys.exit(main())
