"""What all sections have in common; every number has a limit, and the most days lead to a time that exists."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import UnionType
from typing import Annotated, get_args, get_origin

import pytest
from pydantic import BaseModel

from flows.settings.config import Config, load_config
from tasks.section import Section
from tests.flows.settings.conftest import SOURCE, complaint


def numbers_of(model: type[BaseModel], place: str = "") -> Iterator[tuple[str, tuple[object, ...]]]:
    """Find every number of a configuration, with its limits."""
    for name, field in model.model_fields.items():
        yield from numbers_in(field.annotation, tuple(field.metadata), f"{place}{name}")


def numbers_in(
    kind: object, limits: tuple[object, ...], place: str
) -> Iterator[tuple[str, tuple[object, ...]]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from numbers_of(kind, f"{place}.")
    elif kind in (int, float):
        yield place, limits
    else:
        inside, *further = get_args(kind) or (None,)
        if get_origin(kind) is Annotated:
            limits = tuple(further)
        elif get_origin(kind) is not UnionType:
            limits = ()
        yield from numbers_in(inside, limits, place) if inside else ()


def models_in(kind: object) -> Iterator[type[BaseModel]]:
    """Find the models of which a type is made, and those of their fields."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from models_in(field.annotation)
    for part in get_args(kind):
        yield from models_in(part)


def is_upper(limit: object) -> bool:
    inner = getattr(limit, "metadata", ())
    return getattr(limit, "le", None) is not None or any(map(is_upper, inner))


def test_every_section_has_what_all_sections_have_in_common():
    models = set(models_in(Config))
    assert len(models) > 10
    assert {model.__name__ for model in models if not issubclass(model, Section)} == set()


def test_every_number_has_an_upper_limit():
    numbers = dict(numbers_of(Config))
    assert len(numbers) > 40
    assert {"run.recheck_days", "sources.since_days", "second_model.price_per_million"} <= set(numbers)
    free = {place for place, limits in numbers.items() if not any(is_upper(limit) for limit in limits)}
    assert free == {"model.stated_right"}  # checked by a function of its own


@pytest.mark.parametrize("number", ["inf", "nan", "-inf", "1000000", "1e300"])
@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("[quality]", "silent_source_days"),
        ("[quality]", "history_days"),
        ("[run]", "recheck_days"),
        ("[second_model]", "days"),
        (SOURCE, "since_days"),
    ],
)
def test_more_days_than_a_calendar_has_are_a_mistake(write, section: str, key: str, number: str):
    assert f"{key}: Input should be" in complaint(write(f"{section}\n{key} = {number}\n"))


def test_the_most_days_lead_to_a_time_that_exists(write):
    days = 36_500
    text = (
        f"[quality]\nsilent_source_days = {days}\nhistory_days = {days}\n[run]\nrecheck_days = {days}\n"
        f"[second_model]\ndays = {days}\n{SOURCE}since_days = {days}\n"
    )
    config = load_config(write(text), {})
    source = config.sources[0]
    day = datetime(2026, 1, 1, tzinfo=UTC)
    assert source.why_left_out("https://a.example/1", day, since=source.window_start(None)) is None
    for field in (config.run.recheck_days, config.quality.history_days, config.second_model.days):
        assert datetime.now(UTC) - timedelta(days=field) > datetime(1900, 1, 1, tzinfo=UTC)
