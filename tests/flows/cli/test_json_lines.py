"""JSON lines, with one record on each line, are written to a file or to standard output."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentariat import InputError
from flows.cli.json_lines import json_lines_writer

RECORDS = st.lists(
    st.dictionaries(st.text(max_size=5), st.text() | st.integers() | st.none() | st.booleans(), max_size=4),
    max_size=5,
)


def test_records_go_to_standard_output(capsys: pytest.CaptureFixture[str]):
    with json_lines_writer(None) as write:
        write({"text": "Ünter den Linden", "n": 1})
    assert capsys.readouterr().out == '{"text": "Ünter den Linden", "n": 1}\n'


@given(RECORDS)
def test_written_records_can_be_read_again(tmp_path_factory: pytest.TempPathFactory, records):
    file = tmp_path_factory.mktemp("lines") / "out.jsonl"
    with json_lines_writer(file) as write:
        for record in records:
            write(record)
    lines = file.read_bytes().decode("utf-8").split("\n")[:-1]
    assert [json.loads(line) for line in lines] == records


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path):
    with pytest.raises(InputError, match=r"out\.jsonl: cannot be written"):  # noqa: SIM117 - the inner one raises
        with json_lines_writer(tmp_path / "missing" / "out.jsonl"):
            pass


@pytest.mark.parametrize("goes_to_a_file", [True, False])
def test_what_utf_8_cannot_write_is_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], goes_to_a_file: bool
):
    """Python gives the name of a file that is not UTF-8 such characters."""
    file = tmp_path / "out.jsonl" if goes_to_a_file else None
    with json_lines_writer(file) as write:
        write({"id": "\udcff.txt \ud83d"})
    written = file.read_text("utf-8") if file else capsys.readouterr().out
    assert written == '{"id": "\ufffd.txt \ufffd"}\n'


def test_an_earlier_file_stays_until_there_is_something_to_write(tmp_path: Path):
    file = tmp_path / "out.jsonl"
    file.write_text("earlier\n")
    with pytest.raises(InputError, match="no such model"), json_lines_writer(file):
        raise InputError("no such model")
    assert file.read_text() == "earlier\n"
    with pytest.raises(InputError, match="later"), json_lines_writer(file) as write:
        write({"n": 1})
        raise InputError("later")
    assert file.read_text() == '{"n": 1}\n', "what was written before the failure is kept"
    with json_lines_writer(file):
        pass
    assert file.read_text() == "", "no record is an answer too"


def test_a_place_that_cannot_be_emptied_is_written_to():
    with json_lines_writer(Path("/dev/null")) as write:
        write({"n": 1})
