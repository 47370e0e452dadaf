"""The outlets from which a sample was drawn, as a part's name states them: ``nato / favor / among Coast Star; Inland``.

The name of a part of a sample from all outlets states none. ``review_parts.sql`` makes these names.
"""

AMONG = " / among "
"""The text before the outlets in the name of a part."""


def outlets_of(stratum: str) -> str:
    """Give the outlets in the name of a part, separated by semicolons; empty if it was drawn from all of them."""
    return stratum.partition(AMONG)[2]


def covers(outlets: str, outlet: str) -> bool:
    """Whether a sample from these outlets, as in the name of a part, could draw questions about this outlet."""
    return not outlets or f"; {outlet}; " in f"; {outlets}; "


def answer_of(stratum: str, target: str) -> str:
    """Give the model's answer in the name of a part of the questions about a target."""
    return stratum.removeprefix(f"{target} / ").partition(" / ")[0]
