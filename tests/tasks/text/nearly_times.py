"""Texts that are a time, or nearly one: a known form, with parts that a time may not have.

Of texts of any characters hardly one is long looked at by a reader of times, and none leads to a day that no month has,
or to a time before the year 1 in UTC.
"""

from hypothesis import strategies as st

_FORMS = (
    "{year}-{month}-{day}T{hour}:{minute}:00{zone}",
    "{year}-{month}-{day} {hour}:{minute}:00.1234567 {zone}",
    "{year}{month}{day}T{hour}{minute}00{zone}",
    "{year}{month}{day}{hour}{minute}00",
    "{year}-{month}-{day}",
    "{year}/{month}/{day} {hour}.{minute}",
    "{day}.{month}.{year} {hour}:{minute} {half}",
    "{weekday}, {day} {name} {year} {hour}:{minute}:00 {zone}",
    "{weekday}, {day} {name} {year} {hour}:{minute}:00 -0500 ({zone})",
    "{name} {day}, {year} {hour}:{minute} {half} {zone}",
    "{name} {day}th, {year} at {hour} {half} {zone}",
    "{weekday} {day} {name} {year} - {hour}:{minute} {half}",
    "{hour}:{minute}{half}, {day}-{name}-{year}",
    "{hour}:{minute} {zone} on {weekday} {day} {name} {year}",
)
_GOOD = {
    "year": ["1900", "1969", "2026"],
    "month": ["01", "03", "12"],
    "day": ["01", "20", "31"],
    "hour": ["00", "12", "23"],
    "minute": ["00", "30", "59"],
    "half": ["", "am", "p.m."],
    "zone": ["Z", "+02:00", "-05:00", "+0530", "EST", "ET"],
    "name": ["January", "Mar.", "December"],
    "weekday": ["Mon", "Friday"],
}
_BAD = {
    "year": ["0000", "1", "10000", "9" * 40],
    "month": ["00", "1", "02", "13"],
    "day": ["00", "1", "30", "32", "999"],
    "hour": ["0", "2", "24", "99"],
    "minute": ["5", "60"],
    "half": ["PM", "p. m", "AM PM"],
    "zone": [
        "",
        "+2359",
        "-2400",
        "+9999",
        "+5",
        "GMT-05",
        "GMT+99",
        "(PT)",
        "NZDT",
        "XYZ",
        "Pacific",
        "GMT GMT",
    ],
    "name": ["Feb", "Sept", "nov", "Spring"],
    "weekday": ["Fri.", "friday", "May"],
}


def _some(values: dict[str, list[str]]) -> dict[str, st.SearchStrategy[str]]:
    return {name: st.sampled_from(choice) for name, choice in values.items()}


_GOOD_PARTS = st.fixed_dictionaries(_some(_GOOD))
# The first hour and the last one that Python knows: elsewhere it is another year, which there may not be.
_EDGES = (
    {"year": "0001", "month": "01", "day": "01", "hour": "00", "name": "January"},
    {"year": "9999", "month": "12", "day": "31", "hour": "23", "name": "December"},
)
_ONE_BAD_PART = st.sampled_from(sorted(_BAD)).flatmap(
    lambda name: st.fixed_dictionaries({name: _some(_BAD)[name]})
)
_WRITTEN = st.builds(
    lambda form, parts, changed: form.format_map(parts | changed),
    st.sampled_from(_FORMS),
    _GOOD_PARTS,
    st.just({}) | st.sampled_from(_EDGES) | _ONE_BAD_PART,
)


def _with(text: str, start: int, length: int, junk: str) -> str:
    return text[:start] + junk + text[start + length :]


_DAMAGED = st.builds(_with, _WRITTEN, st.integers(0, 40), st.integers(0, 3), st.text(max_size=3))
_SECONDS = st.integers(0, 10**14).map(str)

nearly_times = _WRITTEN | _WRITTEN | _DAMAGED | _SECONDS
"""Texts that are a time or nearly one."""
