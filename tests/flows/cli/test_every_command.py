"""Every command: its help, its exit codes, its errors without a traceback, its place in the reference."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import commentariat
from flows.cli.app import named_path
from flows.cli.commands import application
from tests.flows.cli.conftest import PAGE
from tests.flows.conftest import Command
from warehouse.upkeep import compaction, retention

ROOT = Path(__file__).parents[3]
COMMANDS = get_command(application()).commands


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_with_an_example(command: Command, name: str):
    ended = command(name, "--help")
    assert ended.code == 0
    assert "For example" in ended.out
    assert f"commentariat {name}" in ended.out


@pytest.mark.parametrize("name", COMMANDS)
def test_no_argument_or_option_is_without_an_explanation(name: str):
    documented = (ROOT / "docs" / "cli.md").read_text("utf-8")
    section = documented.split(f"## `commentariat {name}`")[1].split("\n## ")[0]
    for parameter in COMMANDS[name].params:
        assert parameter.help, parameter.name
        for spelling in parameter.opts if parameter.param_type_name == "option" else [parameter.metavar]:
            assert f"`{spelling}`" in section


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_described_in_a_guide(name: str):
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    guides = " ".join(page.read_text("utf-8") for page in pages if page.name != "cli.md")
    assert f"commentariat {name}" in guides


def test_without_a_command_there_is_help(command: Command):
    ended = command()
    assert all(name in ended.out + ended.err for name in COMMANDS)


def test_the_version_is_shown(command: Command):
    assert command("--version").out == f"commentariat {commentariat.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("sql", "--formt", "csv"), ("classify",), ("takedown", "--url", "https://a.example/")],
)
def test_a_mistake_in_a_command_ends_with_exit_code_2(command: Command, arguments: tuple[str, ...]):
    ended = command(*arguments)
    assert ended.code == 2
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("status", "-w", ""), "the path is empty"),
        (("run", "--config", ""), "the path is empty"),
        (("sql", "SELECT 1", "--output", ""), "the path is empty"),
        (("run", "--input", ""), "an input is empty"),
        (("export", "", "-w", "w"), "the path is empty"),
        (("extract", ""), "the path is empty"),
        (("extract", "page.html", " "), "the path is empty"),
        (("classify", ""), "the path is empty"),
        (("init", ""), "the path is empty"),
        (("init", "", "--force"), "the path is empty"),
        (("second-model", "try", ""), "the path is empty"),
        (("review", "sample", ""), "the path is empty"),
        (("review", "recalibrate", ""), "the path is empty"),
        (("review", "import", ""), "the path is empty"),
        (("discover", ""), "an input is empty"),
        (("rescore", "--model", ""), "the name is empty"),
        (("classify", "page.html", "--model", " "), "the name is empty"),
        (("classify", "page.html", "--taxonomy", ""), "the name is empty"),
    ],
)
def test_an_empty_path_is_not_the_current_folder(command: Command, arguments: tuple[str, ...], message: str):
    ended = command(*arguments)
    assert ended.code == 2
    assert message in ended.err


def test_a_current_folder_that_was_deleted_is_no_traceback(
    command: Command, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    ended = command("status", "-w", published)
    assert ended.code == 0 and f"-w {published}" in ended.out, ended
    ended = command("sql", "SELECT 1", "-w", "commentary")
    assert ended.code == 2 and "commentary: the current folder cannot be read" in ended.err, ended
    ended = command("init", tmp_path / "new.toml")
    assert ended.code == 0 and f"-c {tmp_path / 'new.toml'}" in ended.out, ended


@pytest.mark.parametrize(
    "arguments", [("maintain", "--trash-days", "nan"), ("review", "sample", "new.csv", "--random", "nan")]
)
def test_what_is_no_number_is_refused(command: Command, published: Path, arguments: tuple[str, ...]):
    ended = command(*arguments, "-w", published)
    assert ended.code == 2
    assert f"Invalid value for '{arguments[-2]}'" in ended.err


def test_the_options_of_upkeep_have_the_defaults_of_upkeep():
    commands: Any = get_command(application())
    defaults = {
        (name, parameter.name): parameter.default
        for name in ("compact", "maintain")
        for parameter in commands.commands[name].params
    }
    assert defaults["compact", "min_files"] == defaults["maintain", "min_files"] == compaction.MIN_FILES
    assert defaults["maintain", "trash_days"] == retention.TRASH_DAYS


def test_every_path_of_the_command_line_is_read_in_the_same_way():
    def paths_of(name: str, command: Any) -> Iterator[tuple[str, object]]:
        for parameter in command.params:
            if "Path" in str(parameter.type_descriptor.annotation):
                yield f"{name} {parameter.name}", parameter.type_descriptor.parameter_info.parser
        for part, inner in getattr(command, "commands", {}).items():
            yield from paths_of(f"{name} {part}", inner)

    parsers = dict(paths_of("commentariat", get_command(application())))
    assert {"commentariat init file", "commentariat classify paths", "commentariat run config"} <= set(
        parsers
    )
    assert [name for name, parser in parsers.items() if parser is not named_path] == []


def test_a_warehouse_in_the_home_folder_is_found_though_the_shell_leaves_the_tilde(
    command: Command, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", str(own.parent))
    name = f"--warehouse=~/{own.name}"
    assert command("status", name).code == 0
    assert command("sql", "SELECT 1", name).code == 0
    assert command("compact", name, "--min-files", "2").code == 0
    assert command("export", "~/out", name).code == 0
    assert (own.parent / "out" / "manifest.json").is_file()
    assert not (tmp_path / "~").exists()
    ended = command("status", "--warehouse=~nosuchuser/press")
    assert (ended.code, "the home folder ~nosuchuser is not known" in ended.err) == (2, True)


@pytest.mark.parametrize("name", ["~$page.html", "./~page.html", "~folder/page.html"])
def test_a_name_that_begins_with_a_tilde_is_no_home_folder(command: Command, tmp_path: Path, name: str):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(PAGE)
    ended = command("extract", name, "-o", "~pages.jsonl")
    assert ended.code == 0, ended
    assert json.loads((tmp_path / "~pages.jsonl").read_text())["title"] == "Charge the drivers"
    ended = command("discover", name)
    assert ended.code == 0 and "1 to take" in ended.out + ended.err, ended


@pytest.mark.parametrize(
    "arguments",
    [("init", "NAME"), ("sql", "SELECT 1", "-w", "NAME"), ("verify", "-w", "NAME"), ("extract", "NAME")],
)
def test_a_name_that_no_file_can_have_is_a_mistake_and_no_traceback(
    command: Command, arguments: tuple[str, ...]
):
    ended = command(*("a" * 300 if word == "NAME" else word for word in arguments))
    assert ended.code == 2
    assert "File name too long" in ended.err.replace("\n", " ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("try", "Tolls are good", "--sample"),
        ("try", "Tolls are good", "--show"),
        ("search", "tolls", "--limit"),
        ("review", "sample", "questions.csv", "--size"),
        ("compact", "--min-files"),
        ("classify", "a.txt", "--threads"),
    ],
)
def test_a_number_above_the_limit_of_an_option_is_refused_with_its_range(
    command: Command, arguments: tuple[str, ...]
):
    ended = command(*arguments, "9" * 20)
    assert ended.code == 2
    assert "Input should be less than or equal to" in ended.err


def test_a_terminal_in_latin_1_shows_what_it_can(published: Path, tmp_path: Path):
    def printed(*arguments: str) -> str:
        command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
        environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
        return subprocess.run(command, capture_output=True, check=True, env=environment).stdout.decode(
            "latin-1"
        )

    shown = printed("sql", "SELECT '\u201cN\xf3\u201d' AS said", "-w", str(published))
    assert "?N\xf3?" in shown
    page = tmp_path / "page.html"
    page.write_text(PAGE.replace("Charge the drivers", "\u201cCharge\u201d the drivers"), encoding="utf-8")
    assert "\u201cCharge\u201d" in json.loads(printed("extract", str(page)))["title"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("run", "--config", "missing.toml"), 2, "missing.toml: no such configuration file"),
        (("run", "--input", "missing.html"), 2, "missing.html: no such file or folder"),
        (("run", "--input", "ftp://a.example/x"), 2, "ftp"),
        (("sql", "SELECT 1", "-w", "nowhere"), 4, "there is no warehouse"),
        (("status", "-w", "nowhere"), 4, "there is no warehouse"),
        (("verify", "-w", "nowhere"), 4, "there is no warehouse"),
        (("compact", "-w", "nowhere"), 4, "there is no warehouse"),
        (("publish", "-w", "nowhere"), 4, "there is no warehouse"),
        (("export", "out", "-w", "nowhere"), 4, "there is no warehouse"),
        (("takedown", "--yes", "--reason", "r", "--url", "u", "-w", "nowhere"), 4, "there is no warehouse"),
        (("takedown", "--yes", "--reason", "r"), 2, "nothing was named"),
        (("classify", "missing.txt"), 2, "missing.txt: no such file or folder"),
        (("extract", "missing.html"), 2, "missing.html: no such file or folder"),
        (("discover", "harbour-ledger"), 2, "did you mean 'harbor-ledger'?"),
        (
            ("discover", "a.txt", "--since", "2026-10-10", "--until", "2026-10-01"),
            2,
            "no time between the two",
        ),
        (("serve", "--config", "missing.toml"), 2, ""),
        (("rescore", "--dry-run", "-w", "nowhere"), 4, "there is no warehouse"),
    ],
)
def test_an_error_is_one_message_that_names_the_thing(
    command: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, message: str
):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    ended = command(*arguments)
    assert ended.code == code, ended
    assert ended.err.startswith("commentariat: ")
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("sql", "SELECT 1"),
        ("verify",),
        ("compact",),
        ("takedown", "--yes", "--reason", "r", "--url", "u"),
        ("rescore", "--dry-run"),
        ("second-model", "try"),
    ],
)
def test_there_is_no_warehouse_at_a_link_that_leads_to_itself(
    command: Command, tmp_path: Path, arguments: tuple[str, ...]
):
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "commentariat.toml").write_text(
        '[second_model]\nurl = "http://127.0.0.1:9/v1"\nmodel = "tiny"\n'
        '[[targets]]\nid = "tolls"\nstatement = "Cities should charge drivers"\n'
    )
    ended = command(*arguments, "-w", "loop")
    assert ended.code == 4, ended
    assert "there is no warehouse at" in ended.err and "loop" in ended.err
    assert "Traceback" not in ended.err


def test_a_command_that_only_reads_creates_no_warehouse(command: Command, tmp_path: Path):
    for arguments in (("status",), ("sql", "SELECT 1"), ("compact",), ("rescore", "--dry-run")):
        command(*arguments, "-w", "typing-mistake")
    assert not (tmp_path / "typing-mistake").exists()


NOT_UTF8 = b"caf\xe9".decode(errors="surrogateescape")


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("run", "--input"), "write it in UTF-8, or, if it is the name of a file, name its folder instead"),
        (("run", "--target"), "write it in UTF-8"),
        (("run", "--config"), "give it a name in UTF-8"),
        (("status", "--warehouse"), "give it a name in UTF-8"),
        (("rescore", "--target"), "write it in UTF-8"),
        (("rescore", "--model"), "write it in UTF-8"),
        (("takedown", "--reason"), "write it in UTF-8"),
        (("takedown", "--url"), "write it in UTF-8"),
        (("takedown", "--outlet"), "write it in UTF-8"),
        (("try", "Tolls are good", "--also"), "write it in UTF-8"),
    ],
)
def test_a_word_that_is_not_utf_8_is_shown(command: Command, arguments: tuple[str, ...], remedy: str):
    ended = command(*arguments, NOT_UTF8)
    assert ended.code == 2
    assert ended.err == f"commentariat: {arguments[-1]} 'caf\ufffd': this is not UTF-8; {remedy}\n"


@pytest.mark.parametrize(
    ("name", "argument"), [("search", "WORDS..."), ("sql", "QUERY"), ("try", "STATEMENT")]
)
def test_an_argument_that_is_not_utf_8_is_shown(command: Command, name: str, argument: str):
    ended = command(name, NOT_UTF8)
    assert ended.code == 2
    assert ended.err == f"commentariat: {argument} 'caf\ufffd': this is not UTF-8; write it in UTF-8\n"


def test_every_word_of_the_command_line_must_be_utf_8_unless_it_may_name_a_file():
    def words_of(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        for parameter in command.params:
            if parameter.type_descriptor.annotation in (str, list[str]) or parameter.name in (
                "config",
                "warehouse",
            ):
                yield f"{name} {parameter.name}", parameter
        for part, inner in getattr(command, "commands", {}).items():
            yield from words_of(f"{name} {part}", inner)

    def is_taken(parameter: Any) -> bool:
        is_list = parameter.type_descriptor.annotation == list[str]
        try:
            if parameter.callback is not None:
                parameter.callback(None, parameter, [NOT_UTF8] if is_list else NOT_UTF8)
        except commentariat.InputError as error:
            return "this is not UTF-8" not in str(error)
        return True

    parameters = dict(words_of("commentariat", get_command(application())))
    assert {"commentariat search words", "commentariat review sample name"} <= set(parameters)
    assert {name.removeprefix("commentariat ") for name, one in parameters.items() if is_taken(one)} == {
        "classify model",
        "classify taxonomy",
        "discover source",
        "export own_tables",
        "sql own_tables",
        "takedown inputs",
    }


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("arguments", [("sql", "SELECT 1"), ("sql", "SELECT 1", "-f", "csv"), ("status",)])
def test_a_full_disk_behind_standard_output_is_one_message(published: Path, arguments: tuple[str, ...]):
    program = [sys.executable, "-c", "from flows.cli import main; main()", *arguments, "-w", str(published)]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == "commentariat: standard output cannot be written: No space left on device\n"
