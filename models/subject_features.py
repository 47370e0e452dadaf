"""What the words of a yes-or-no question show about each place at which its subject can end.

A place is described by the words, endings and capitals around it, by the last and the next function word, and by its
distance from the ends of the question. Each of these descriptions is one feature. The sum of the weights of a place's
features is its score (:mod:`models.question_subjects`); ``python -m training.question_subjects`` fits the weights.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

__all__ = ["FEATURES", "places"]

FEATURES = 1 << 18
"""Number of weights. Each feature has the weight at its hash, and a few features share one."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Verbs with the same number, or before the same form of the next verb, share their features.
_KIND_OF_VERB = {
    **dict.fromkeys(("is", "was"), "s"),
    **dict.fromkeys(("are", "were"), "p"),
    **dict.fromkeys(("has", "have", "had"), "h"),
}
_BEFORE_BASE_FORM = "m"
_FUNCTION_WORDS = _words(
    "a an the this that these those his her its our their my your of in on at by for from with to into over under "
    "about against between through during without within and or but nor not no any some all every each who which "
    "whose where when what how than as if because more less most too so very"
)
_RELATIVES = frozenset(("who", "that", "which", "whose", "where"))
_MARKS = "\"“”‘’'(),;:.!?"
_MOST_WORDS = 5
"""Larger distances between two words count as this one."""


def places(verb: str, words: Sequence[str]) -> list[list[int]]:
    """Describe each place at which the subject of a question can end.

    Parameters
    ----------
    verb
        The first verb of the question, in small letters.
    words
        The words behind it, with their marks.

    Returns
    -------
    list of list of int
        For each place, from the one behind the first word to the one before the last: the numbers of its features,
        from 0 to ``FEATURES - 1``.
    """
    return [
        [zlib.crc32(feature.encode()) % FEATURES for feature in place] for place in _described(verb, words)
    ]


def _described(verb: str, words: Sequence[str]) -> list[list[str]]:
    kind = _KIND_OF_VERB.get(verb, _BEFORE_BASE_FORM)
    bare = [word.strip(_MARKS).replace("’", "'") or word for word in words]
    small = ["<", "<", *(word.lower() for word in bare), ">", ">", ">"]
    shapes = [*map(_shape, bare), ">"]
    endings, short_endings = [word[-3:] for word in small], [word[-2:] for word in small]
    following = _next_function_words(small[2 : len(words) + 2])
    count, first = len(words), small[2]
    described: list[list[str]] = []
    since_function_word, function_word = 0, "-"
    since_relative: int | None = None
    within_commas = False
    for end in range(1, count):
        before2, before, after, after2, after3 = small[end : end + 5]
        e_before, e_after, e_after2 = endings[end + 1 : end + 4]
        is_function_word = before in _FUNCTION_WORDS
        function_word = before if is_function_word else function_word
        since_function_word = 0 if is_function_word else since_function_word + 1
        if before in _RELATIVES:
            since_relative = 0
        elif since_relative is not None:
            since_relative += 1
        has_comma = words[end - 1].endswith(",")
        within_commas ^= has_comma
        last = f"{function_word}{min(since_function_word, _MOST_WORDS - 1)}"
        relative = "-" if since_relative is None else min(since_relative, _MOST_WORDS)
        shape = shapes[end - 1] + shapes[end] + shapes[end + 1]
        is_first, is_last = end == 1, end == count - 1
        place = (
            *(after, before, f"{before}|{after}", f"{after}|{after2}", f"{before2}|{before}"),
            *(f"{e_before}|{e_after}", f"{e_after}|{e_after2}", f"{e_before}|{after}", f"{before}|{e_after}"),
            *(
                f"{e_after}|{after2}",
                f"{before2}|{e_before}|{e_after}",
                f"{after2}|{after3}|{e_after}",
                e_after,
                e_before,
            ),
            *(f"{shape}|{is_first}", f"{min(end, 12)}", f"{min(count - end, 4)}", f"{first}|{min(end, 4)}"),
            *(last, f"{last}|{e_after}", f"{last}|{after}", f"{last}|{shape}", f"{last}|{following[end]}"),
            *(
                following[end],
                f"{following[end]}|{e_after}",
                f"{relative}|{e_after}",
                f"{relative}|{shapes[end]}",
            ),
            *(f"{after}|{is_last}", f"{e_after}|{is_last}", f"{after}|{shapes[end]}|{shapes[end - 1]}"),
            *(f"{verb}|{after}", f"{verb}|{e_after}|{e_before}", f"{first}|{is_first}|{e_after}"),
            *(f"{has_comma}|{within_commas}", f"{after == 'not'}|{within_commas}"),
            *(short_endings[end + 1], "|".join(short_endings[end + 1 : end + 4])),
            f"{short_endings[end + 1]}|{after}|{is_last}",
        )
        described.append([f"{kind}{number}{feature}" for number, feature in enumerate(place)])
    return described


def _shape(word: str) -> str:
    """Tell how a word begins: with a capital, a digit, or something else."""
    return "C" if word[:1].isupper() else "d" if word[:1].isdigit() else "x"


def _next_function_words(words: Sequence[str]) -> list[str]:
    """Give for each place the next function word behind it, with its distance in words."""
    following = []
    next_one, distance = ">", 0
    for word in reversed(words):
        if word in _FUNCTION_WORDS:
            next_one, distance = word, 0
        else:
            distance = min(distance + 1, _MOST_WORDS)
        following.append(f"{next_one}{distance}")
    return following[::-1]
