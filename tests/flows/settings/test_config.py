"""A configuration is checked as a whole, and every message names the key and the remedy."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentariat import ConfigError
from flows.settings.config import load_config
from flows.settings.file import SAMPLE_CONFIG
from flows.settings.sections import RunSettings
from models import Wording
from tests.flows.settings.conftest import SOURCE, TARGET, complaint


def test_an_empty_file_is_a_configuration_with_every_default(write):
    config = load_config(write(""), {})
    assert config.run.batch_size == 64
    assert config.sources == ()


def test_the_bundled_sample_is_a_valid_configuration():
    config = load_config(SAMPLE_CONFIG, {})
    assert config.sample
    assert len(config.targets) >= 10
    assert {source.type for source in config.sources} >= {"feed", "sitemap", "section", "urls"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[fetch]\ndelay = 1\n", "fetch.delay: unknown key; did you mean 'delay_s'?"),
        ("[fetsh]\n", "fetsh: unknown key; did you mean 'fetch'?"),
        ("[run]\nzebra = 1\n", "run.zebra: unknown key; known are batch_size"),
        (SOURCE + 'langauge = "en"\n', "sources[0].langauge: unknown key; did you mean 'language'?"),
        (TARGET + "alias = []\n", "targets[0].alias: unknown key; did you mean 'aliases'?"),
        ("[run]\nbatch_size = 0\n", "run.batch_size: Input should be greater than or equal to 1 (it is 0)"),
        ('[run]\nbatch_size = "many"\n', "run.batch_size: Input should be a valid integer"),
        (
            "[quality]\nmax_failed_share = 2\n",
            "quality.max_failed_share: Input should be less than or equal to 1",
        ),
        ('[[targets]]\nid = "tolls"\n', "targets[0].statement: required, but missing"),
        (
            '[[targets]]\nid = "Tolls!"\nstatement = "We need tolls"\n',
            "targets[0].id: should have 1 to 64 small letters (a to z), digits, - and _, and begin with a letter",
        ),
        (
            SOURCE + 'language = "English"\n',
            "sources[0].language: should be a code like en or pt-BR (it is 'Eng",
        ),
        (
            '[[sources]]\nname = "my folder"\n',
            "sources[0].name: should have at most 64 letters (a to z, A to Z), digits, ., - and _",
        ),
        ('[schedule]\nname = "a b"\n', "schedule.name: should have at most 64 letters (a to z, A to Z)"),
        (TARGET + 'statements = "Tolls are good"\n', 'targets[0].statements: should be a list, like ["..."]'),
        (
            TARGET + 'statements = ["Tolls are good", ""]\n',
            "targets[0].statements[1]: String should have at least 3 characters (it is '')",
        ),
        (
            TARGET + 'denied = ["   "]\n',
            "targets[0].denied[0]: String should have at least 3 characters (it is '   ')",
        ),
        (
            TARGET + 'statements = ["cities should  charge drivers."]\n',
            "targets[0]: the wording 'cities should  charge drivers.' occurs more than once",
        ),
        (
            TARGET + 'statements = ["Tolls are good"]\ndenied = ["Tolls are good"]\n',
            "targets[0]: the wording 'Tolls are good' occurs more than once in statement, statements and denied",
        ),
        (
            TARGET + 'statements = ["Tolls are good"]\ndenied = ["Are tolls good?"]\n',
            "targets[0]: the wording 'Are tolls good?' occurs more than once in statement, statements and denied, or "
            "is the question to another",
        ),
        ("[model]\nstated_right = 0.5\n", "model.stated_right: should be above 0.5 and below 1"),
        ("[model]\nstated_right = 1\n", "model.stated_right: should be above 0.5 and below 1"),
        ("[model]\nstated_right = nan\n", "model.stated_right: Input should be a finite number"),
        ("[model]\nstated_right = 85\n", "that is to be right (it is 85"),
        ('[model]\nstated_right = "high"\n', "model.stated_right: Input should be a valid number"),
        ('[model]\nname = "accurate"\n', 'no longer part of this release; write name = "fast"'),
        (TARGET + TARGET, "targets: id tolls is used more than once; give each entry its own"),
        (SOURCE + SOURCE, "sources: name a is used more than once"),
        (
            '[warehouse]\nlog = "delta"\n',
            'log = "delta" needs shared: the place at which several machines share',
        ),
        ("sample = true\n", "sample = true needs the [[sources]] of the sample"),
        (SOURCE.replace('"feed"', '"fed"'), "sources[0].type: Input should be 'feed', 'sitemap'"),
        (SOURCE.replace("[[sources]]", "[sources]"), "sources: write [[sources]], with two brackets"),
        (TARGET.replace("[[targets]]", "[targets]"), "targets: write [[targets]], with two brackets"),
        (
            'targets = ["Tolls are good"]\n',
            "targets[0]: should be an entry with keys of its own: write [[targets]]",
        ),
        (
            '[extract]\nlanguages = ["english"]\n',
            "extract.languages: should be ISO 639-1 codes of two letters",
        ),
        ('[extract]\nlanguages = ["en-GB"]\n', "without a region: not 'en-gb'"),
        ('[extract]\nlanguages = ["eng", "cz"]\n', "not 'eng', 'cz'"),
        (
            '[[warehouse]]\npath = "a"\n',
            "warehouse: should be a section: write [warehouse], with single brackets",
        ),
        ('[[tables]]\na = "a.csv"\n', "tables: should be a section: write [tables], with single brackets"),
        ('[fetch]\nconnect_to = "a"\n', 'fetch.connect_to: should be a table, like { "..." = "..." }'),
    ],
)
def test_a_mistake_is_reported_by_key_and_remedy(write, text: str, message: str):
    assert message in complaint(write(text))


def test_every_wording_of_a_target_is_asked_and_those_that_deny_it_are_marked(write):
    (target,) = load_config(
        write(TARGET + 'statements = ["Tolls are good "]\ndenied = ["Driving should cost nothing"]\n'), {}
    ).asked_targets
    assert target.wordings == (
        Wording("Cities should charge drivers"),
        Wording("Tolls are good"),
        Wording("Driving should cost nothing", denied=True),
    )


def test_all_mistakes_are_reported_at_once(write):
    printed = complaint(write("[run]\nbatch_size = 0\nmax_attempts = 0\n[fetch]\ndelay = 1\n"))
    assert len(printed.splitlines()) == 4


known_keys = st.sampled_from(sorted(RunSettings.model_fields))
values = st.integers() | st.integers(1, 16) | st.floats(0, 100) | st.booleans() | st.text(max_size=8)


@given(st.dictionaries(known_keys, st.integers(1, 16), max_size=6))
def test_known_keys_with_good_values_are_in_force(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, int]
):
    run = load_config(_with_run_section(tmp_path_factory, content), {}).run
    assert {key: getattr(run, key) for key in content} == content


@given(st.dictionaries(known_keys | st.text(max_size=8), values, max_size=4))
def test_no_table_of_any_content_is_taken_for_a_section_or_breaks_the_check(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]
):
    file = _with_run_section(tmp_path_factory, content)
    try:
        run = load_config(file, {}).run
    except ConfigError as error:
        assert str(file) in str(error)
    else:
        assert set(content) <= set(RunSettings.model_fields)
        assert all(getattr(run, key) == float(value) for key, value in content.items())


def _with_run_section(folders: pytest.TempPathFactory, content: Mapping[str, object]) -> Path:
    file = folders.mktemp("config") / "commentariat.toml"
    lines = [f"{_toml(key)} = {_toml(value)}" for key, value in content.items()]
    file.write_text("[run]\n" + "\n".join(lines), encoding="utf-8", errors="replace")
    return file


def _toml(value: object) -> str:
    if isinstance(value, str):
        escaped = "".join(
            c if c.isprintable() and c not in '"\\' else f"\\u{ord(c) & 0xFFFF:04x}" for c in value
        )
        return f'"{escaped}"'
    return str(value).lower()  # as true and false are written


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"[run]\nbatch_size = {'9' * 5_000}\n", id="more digits than Python reads"),
        pytest.param(f"[run]\nbatch_size = 0x{'f' * 5_000}\n", id="more digits than Python writes"),
        pytest.param(f"[run]\nbatch_size = {'[' * 100_000}\n", id="too deep"),
    ],
)
def test_a_value_that_python_cannot_read_or_write_is_refused_as_a_mistake(write, text: str):
    complaint(write(text))
    complaint(write(""), COMMENTARIAT_RUN__BATCH_SIZE=text.partition(" = ")[2].strip())
