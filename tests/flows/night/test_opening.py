"""The opening of a night: its request, its configuration and its targets."""

import asyncio
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from commentariat import InputError, WarehouseError
from flows.night.opening import NightRequest, open_night
from flows.night.run import open_run
from flows.rescore import RescoreRequest, count_missing
from tasks.classify import Assignment, ClassifierChoice, classify_batch
from tasks.targets.target_ids import target_id_of
from warehouse import Warehouse

CONFIG = """
[warehouse]
path = "commentary"

[[targets]]
id = "nuclear-power"
statement = "Countries should build new nuclear power plants"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "commentariat.toml"
    path.write_text(CONFIG)
    return path


async def _asked(request: NightRequest) -> dict[str, str]:
    async with open_night(request) as night:
        return {target.id: target.statement for target in night.targets}


@pytest.mark.parametrize("inputs", [[], ["https://a.example/piece"]])
async def test_a_run_records_in_the_log_whether_inputs_were_named(config: Path, inputs: list[str]):
    async with open_night(NightRequest(config=config, inputs=inputs)) as night:
        night.writer.finish()
    recorded = [commit.is_of_inputs for commit in Warehouse(config.parent / "commentary").commits()]
    assert recorded == [bool(inputs)]


async def test_the_id_of_an_extra_target_is_made_from_its_words(config: Path):
    asked = await _asked(NightRequest(config=config, targets=["College should be free"]))
    assert asked["college-should-be-free"] == "College should be free"


async def test_a_configured_statement_given_again_is_not_asked_twice(config: Path):
    asked = await _asked(
        NightRequest(config=config, targets=["Countries should build new nuclear power plants"])
    )
    assert list(asked) == ["nuclear-power"]


async def test_an_extra_target_never_takes_the_id_of_another(config: Path):
    long = "It is right that the state, and not the market alone, decides where new power stations are built"
    targets = ["nuclear power", "Nuclear power!", f"{long} at sea", f"{long} on land"]
    asked = await _asked(NightRequest(config=config, targets=targets))
    assert asked["nuclear-power"] == "Countries should build new nuclear power plants"
    assert sorted(asked.values()) == sorted(["Countries should build new nuclear power plants", *targets])
    assert all(len(name) <= 64 for name in asked)


async def test_different_statements_have_different_ids_in_different_runs(config: Path):
    long = "It is right that the state, and not the market alone, decides where new power stations are built"
    statements = ["核能应该扩大", "税收应该提高", "Ядерная энергия", "Налоги", "Zölle sind gut", "Z-lle sind gut",
                  f"{long} at sea", f"{long} on land", "???", "!!!"]  # fmt: skip
    ids = [
        set(await _asked(NightRequest(config=config, targets=[one]))) - {"nuclear-power"}
        for one in statements
    ]
    assert all(len(one) == 1 for one in ids)
    names = [name for one in ids for name in one]
    assert len(set(names)) == len(statements)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name) for name in names)


async def test_a_blank_statement_is_refused(config: Path):
    with pytest.raises(InputError, match="a target is blank"):
        await _asked(NightRequest(config=config, targets=["College should be free", "  "]))


async def test_the_id_of_a_configured_target_is_not_asked_as_a_statement(config: Path):
    message = r"nuclear-power is the id of a configured target \('Countries should .* which every run asks"
    with pytest.raises(InputError, match=message):
        await _asked(NightRequest(config=config, targets=["nuclear-power"]))


@pytest.mark.parametrize(
    ("statement", "limit"),
    [
        ("No", "at least 3 characters; this one has 2: 'No'"),
        ("toll " * 80, "at most 300 characters; this one has 399: 'toll toll "),
    ],
    ids=["too short", "too long"],
)
async def test_a_statement_that_is_too_short_or_too_long_is_refused_as_in_the_configuration(
    config: Path, statement: str, limit: str
):
    with pytest.raises(InputError, match=f"^the statement of a target should have {limit}"):
        await _asked(NightRequest(config=config, targets=["College should be free", statement]))


async def test_white_space_makes_no_other_target(config: Path):
    targets = ["税收 应该提高", " 税收  应该提高 ", "Countries should build  new nuclear power plants"]
    asked = await _asked(NightRequest(config=config, targets=targets))
    assert len(asked) == 2
    assert target_id_of(targets[0]) == target_id_of(targets[1]) and target_id_of(targets[0]) in asked


def test_times_without_a_zone_are_utc_and_other_times_are_converted_to_utc():
    bare, elsewhere = datetime(2026, 9, 1, 12), datetime(2026, 9, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    request = NightRequest(since=bare, until=elsewhere)
    assert request.since == datetime(2026, 9, 1, 12, tzinfo=UTC)
    assert request.until == datetime(2026, 9, 1, 10, tzinfo=UTC)
    assert RescoreRequest(since=bare).since == datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("until", [datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 10, tzinfo=UTC)])
def test_a_period_without_any_time_is_refused(config: Path, until: datetime):
    request = NightRequest(config=config, since=datetime(2026, 10, 10, tzinfo=UTC), until=until)
    with pytest.raises(InputError, match=r"since \(2026-10-10 00:00\) must be before until"):
        request.resolve_config()


def test_credentials_in_a_named_address_are_not_kept_with_the_parameters_of_the_run():
    request = NightRequest(inputs=["https://ann:s3cret@ledger.example/opinion/1", "pages/a@b.html"])
    assert request.inputs == ["https://ledger.example/opinion/1", "pages/a@b.html"]
    request = NightRequest(inputs=["https://ann:s3/cr#et@ledger.example/opinion/1"])
    assert request.inputs == ["https://ledger.example/opinion/1"]
    with pytest.raises(InputError, match="may stand behind a password") as refused:
        NightRequest(inputs=["https://ann:12/34@ledger.example/opinion/1"]).resolve_config()
    assert "34" not in str(refused.value)


def test_a_rescore_of_a_mistyped_folder_makes_no_warehouse(config: Path, tmp_path: Path):
    with pytest.raises(WarehouseError, match="there is no warehouse at"):
        asyncio.run(count_missing(RescoreRequest(config=config, warehouse=tmp_path / "comentary")))
    assert not (tmp_path / "comentary").exists()


def test_after_a_run_that_failed_the_same_process_can_read(config: Path, tmp_path: Path):
    with pytest.raises(WarehouseError):
        asyncio.run(count_missing(RescoreRequest(config=config, warehouse=tmp_path / "comentary")))
    assert len(classify_batch([Assignment("a", 1, None, "A text.", "en", ())], ClassifierChoice())) == 1


async def _night_with_nothing_to_do(config: Path) -> None:
    async with open_run(NightRequest(config=config).resolve_config(), flow="test", never_sent=()) as run:
        run.writer.finish("nothing to do")
        run.writer.publish()


def test_every_publish_keeps_as_many_snapshots_as_configured(config: Path, tmp_path: Path):
    config.write_text(CONFIG.replace('path = "commentary"', 'path = "commentary"\nkeep_snapshots = 5'))
    for _ in range(7):
        asyncio.run(_night_with_nothing_to_do(config))
    assert len(list((tmp_path / "commentary" / "db").glob("warehouse-*.duckdb"))) == 5


@pytest.fixture
def with_intranet(config: Path) -> Path:
    source = '[[sources]]\nname = "intranet"\ntype = "feed"\nlocation = "https://intranet.example/feed.xml"\n'
    config.write_text(CONFIG + source + "second_model = false\n")
    return config


async def test_sources_whose_articles_stay_at_home_are_known_also_where_inputs_take_their_place(
    with_intranet: Path,
):
    for inputs in ([], ["https://harbor.example/a"]):
        async with open_night(NightRequest(config=with_intranet, inputs=inputs)) as night:
            assert night.never_sent == ("intranet",)
