"""Where the subject of a yes-or-no question ends.

Each place between two words has a score, the sum of the weights of what its words show
(:mod:`models.subject_features`), and the softmax of the scores is its probability. The weights were fitted on sentences
whose verb stands behind the subject, so that the place is known (``python -m training.question_subjects``). This is a
log-linear model, as in Berger, Della Pietra and Della Pietra 1996, "A maximum entropy approach to natural language
processing".
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.question_words import MODALS, PRONOUN
from models.subject_features import places

WEIGHTS = Path(__file__).with_suffix(".npy")
STEP = 1 / 24
"""What one unit of the stored weights, which are whole numbers of eight bits, adds to a score."""
LEAST_PROBABILITY = 0.6
"""With less, the end of the subject counts as unknown."""
MOST_WORDS = 40
"""In a question with more words, the subject ends in the first so many."""

_NOT = re.compile(r"not (?!(?:just|only)\b)")
_QUOTATION_BEGINS = re.compile(r"[“‘]|(?<!\w)[\"']")
_QUOTATION_ENDS = re.compile(r"”|(?<=[\w.!?])’(?!\w)|(?<=[\w.!?])[\"'](?!\w)")


def end_of_subject(first: str, rest: str) -> int | None:
    """Find where the subject ends in what follows the first verb of a question.

    Parameters
    ----------
    first
        The first verb, in small letters.
    rest
        What follows it, with one space between words and without the question mark.

    Returns
    -------
    int or None
        The number of characters of the subject; None if its end is not plain.
    """
    if pronoun := PRONOUN.match(rest):
        return pronoun.end()
    place, probability = likeliest_end(first, rest)
    if probability < LEAST_PROBABILITY or _is_within_quotation(rest[:place]):
        return None
    return place


def likeliest_end(first: str, rest: str) -> tuple[int, float]:
    """Give the likeliest end of the subject, in characters, and its probability; 0 if it can end nowhere."""
    words = rest.split(" ")[:MOST_WORDS]
    can_end = [_can_end(first, *around) for around in zip(words, words[1:], [*words[2:], ""], strict=False)]
    if not any(can_end):
        return 0, 0.0
    scores = _weights()[np.array(places(first, words))].sum(axis=1, dtype=np.int64) * STEP
    scores[~np.array(can_end)] = -np.inf
    likelihoods = np.exp(scores - scores.max())
    best = int(likelihoods.argmax())
    likely = likelihoods[best]
    # On both sides of an adverb, the end gives a statement with the same meaning: "The UK is slowly becoming".
    if words[best].endswith("ly") and best:
        likely += likelihoods[best - 1]
    elif words[best + 1].endswith("ly") and best + 1 < len(likelihoods):
        likely += likelihoods[best + 1]
    return len(" ".join(words[: best + 1])), float(likely / likelihoods.sum())


def is_denied(first: str, rest: str) -> bool:
    """Whether "not" follows the subject, so that the meaning of a yes is not plain.

    "Was the war not a mistake?" asks the same as "Wasn't the war a mistake?", but "Is the choice not to vote a
    mistake?" is no denial. After a modal verb ("Should the rich not be taxed?"), "not" is taken literally.
    """
    if first in MODALS or PRONOUN.match(rest):
        return False
    place, _ = likeliest_end(first, rest)
    return _NOT.match(rest, place + 1) is not None


def _can_end(first: str, before: str, after: str, after2: str) -> bool:
    """Whether a subject can end between two words: not in "the | war", "ever | right" or "the choice | not to vote"."""
    if first == "ought":
        return after in ("to", "not")
    return before.lower() not in ("a", "an", "the", "ever") and (after, after2) != ("not", "to")


def _is_within_quotation(subject: str) -> bool:
    return len(_QUOTATION_BEGINS.findall(subject)) > len(_QUOTATION_ENDS.findall(subject))


@lru_cache(maxsize=1)
def _weights() -> NDArray[np.int8]:
    weights: NDArray[np.int8] = np.load(WEIGHTS)
    return weights
