"""The topic codes of the model, and the mapping from the labels of other data sets to them.

The scheme is the Comparative Agendas Project's master codebook (https://www.comparativeagendas.net): 21 major
topics. The front-page data add newspaper codes (24 state and local government, 26 weather, 27 fires, 28 arts,
29 sports, 30 deaths, 31 churches, 99 other). They are older than the codes 9 (they code immigration as labour) and 23.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

CAP_TOPICS: Final[Mapping[str, str]] = {
    "1": "Macroeconomics",
    "2": "Civil Rights",
    "3": "Health",
    "4": "Agriculture",
    "5": "Labor",
    "6": "Education",
    "7": "Environment",
    "8": "Energy",
    "9": "Immigration",
    "10": "Transportation",
    "12": "Law and Crime",
    "13": "Social Welfare",
    "14": "Housing",
    "15": "Domestic Commerce",
    "16": "Defense",
    "17": "Technology",
    "18": "Foreign Trade",
    "19": "International Affairs",
    "20": "Government Operations",
    "21": "Public Lands",
    "23": "Culture",
}
CODES: Final[tuple[str, ...]] = tuple(CAP_TOPICS)

#: Newspaper additions to the CAP codes. Those that are not public affairs (weather, fires, deaths, other) map to none.
NEWSPAPER: Final[Mapping[str, tuple[str, ...]]] = {
    "24": ("20",),
    "26": (),
    "27": (),
    "28": ("23",),
    "29": ("23",),
    "30": (),
    "31": ("23",),
    "99": (),
}

#: Codes that the two hand-coded sources cannot have used, so the absence of such a code from a label has no meaning.
UNUSED: Final[Mapping[str, frozenset[str]]] = {
    "nyt_front_page": frozenset({"9"}),
    "us_bills": frozenset({"9", "23"}),
}


def cap_codes(label: str) -> tuple[str, ...]:
    """Return the CAP codes for a label of the hand-coded data: the label, or the codes for a newspaper addition."""
    return NEWSPAPER.get(label, (label,))


@cache
def editorial_tags() -> Mapping[str, tuple[str, ...]]:
    """Return the CAP codes of the 108 editorial tags (``allsides_topics.json``; empty if a tag maps to no topic)."""
    path = Path(__file__).with_name("allsides_topics.json")
    mapping: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))["tags"]
    return {tag: tuple(codes) for tag, codes in mapping.items()}
