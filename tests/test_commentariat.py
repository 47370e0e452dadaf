"""The package to import from Python: its examples run, its names exist, and importing it takes little time."""

import doctest
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import commentariat
from tests.warehouse import nights
from warehouse import Warehouse

PYTHON_PAGE = Path(__file__).parent.parent / "docs" / "howto" / "python.md"


@pytest.fixture
def commentary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a warehouse named ``commentary``, as in the examples."""
    with Warehouse(tmp_path / "commentary").writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("targets", nights.reference_rows())
        writer.commit("0000", nights.batch(1, 0))
        writer.publish()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "commentary"


def examples_of_the_page() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PYTHON_PAGE.read_text("utf-8"), re.DOTALL)


@pytest.mark.usefixtures("commentary", "prefect_server")
def test_every_example_of_the_page_on_python_runs():
    text = "Cities should charge drivers. Streets are for people, and a charge pays for the buses they need."
    Path("op-ed.txt").write_text(text, encoding="utf-8")
    Path("saved-page.html").write_text(f"<html><body><h1>Make drivers pay</h1><p>{text}</p></body></html>")
    Path("commentariat.toml").write_text(
        '[warehouse]\npath = "a-night"\n[[sources]]\nname = "one"\ntype = "files"\nlocation = "op-ed.txt"\n'
    )
    examples = examples_of_the_page()
    assert len(examples) >= 6
    names: dict[str, object] = {"__name__": "__main__"}
    for example in examples:  # one after the other, as in a notebook
        exec(compile(example, str(PYTHON_PAGE), "exec"), names)
    assert (Path("a-night") / "warehouse.duckdb").exists()


def test_an_example_that_starts_processes_runs_as_a_script_too(tmp_path: Path):
    """Each process imports the script again: without the condition, the script would start processes there too."""
    (example,) = [text for text in examples_of_the_page() if "extract_paths(" in text]
    (tmp_path / "script.py").write_text(example, encoding="utf-8")
    (tmp_path / "saved-page.html").write_text(
        "<html><body><h1>Make drivers pay</h1><p>Now.</p></body></html>"
    )
    ended = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert len(ended.stdout.splitlines()) == 1, ended.stdout
    assert "Error" not in ended.stderr


def test_every_example_that_starts_processes_has_the_condition():
    starting = [text for text in examples_of_the_page() if "extract_paths(" in text or "nightly(" in text]
    assert len(starting) == 2
    assert all('\nif __name__ == "__main__":\n' in text for text in starting)


@pytest.mark.parametrize("function", [commentariat.connect, commentariat.classify], ids=lambda f: f.__name__)
@pytest.mark.usefixtures("commentary")
def test_the_examples_of_the_documentation_run(function):
    (examples,) = doctest.DocTestFinder(recurse=False).find(function, globs={})
    assert examples.examples
    outcome = doctest.DocTestRunner().run(examples)
    assert outcome.failed == 0


def test_every_name_that_is_offered_is_there():
    assert all(getattr(commentariat, name) is not None for name in commentariat.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Targets'"):
        _ = commentariat.Targets


def test_importing_it_imports_nothing_else_of_ours_and_no_large_library():
    """The command line imports it for its errors, and ``--help`` must answer at once."""
    program = "import sys, commentariat; print(*{name.partition('.')[0] for name in sys.modules})"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"models", "warehouse", "tasks", "flows", "numpy", "duckdb", "pyarrow"} & set(
        ended.stdout.split()
    )


def test_titles_must_be_as_many_as_the_texts():
    with pytest.raises(commentariat.InputError, match="1 titles for 2 texts"):
        commentariat.classify(["One.", "Two."], ["A statement"], titles=["One"])


@pytest.mark.parametrize(("texts", "targets"), [("One.", ["A statement"]), (["One."], "A statement")])
def test_a_single_text_or_target_that_is_not_in_a_list_is_refused(texts, targets):
    with pytest.raises(commentariat.InputError, match="put a single one into a list"):
        commentariat.classify(texts, targets)


@pytest.mark.parametrize(
    "more",
    [
        {"aliases": "buses"},
        {"also": "Driving should cost something"},
        {"also": ("Driving should cost something",)},
        {"also": commentariat.Wording("Driving should cost something")},
    ],
)
def test_a_target_with_a_text_in_place_of_a_list_is_refused(more):
    with pytest.raises(commentariat.InputError, match=r"target 'toll': "):
        commentariat.Target("toll", "Cities should charge drivers", **more)


def test_the_aliases_of_a_target_may_be_any_list():
    toll = commentariat.Target("toll", "Cities should charge drivers", aliases=["congestion charge"])
    assert toll.aliases == ("congestion charge",)
    assert hash(toll)


def test_the_wordings_of_a_target_may_come_from_a_generator():
    wordings = [
        commentariat.Wording("Driving should cost something"),
        commentariat.Wording("Drive!", denied=True),
    ]
    toll = commentariat.Target("toll", "Cities should charge drivers", also=(wording for wording in wordings))
    assert toll.also == tuple(wordings)


def test_many_texts_are_read_in_parts_with_the_same_answers(monkeypatch):
    texts = [f"Charge number {number} for drivers is a good idea." for number in range(5)]
    together = commentariat.classify(texts, ["Cities should charge drivers"])
    monkeypatch.setattr("commentariat._READ_AT_ONCE", 2)
    in_parts = commentariat.classify(texts, ["Cities should charge drivers"])
    assert [one.document_id for one in in_parts] == ["0", "1", "2", "3", "4"]
    assert [one.stances[0].stance for one in in_parts] == [one.stances[0].stance for one in together]


def test_targets_may_be_statements_or_have_an_id_and_several_wordings():
    text = "Cities should charge drivers. Streets are for people, and a charge pays for the buses they need."
    toll = commentariat.Target(
        id="toll",
        statement="Cities should charge drivers for entering the centre",
        also=(commentariat.Wording("Driving into the centre should stay free", denied=True),),
    )
    readings = commentariat.classify(
        [text, text], [toll, "Taxes should be lower"], titles=["Charge drivers", None]
    )
    asked = [[stance.target.id for stance in reading.stances] for reading in readings]
    assert asked == [["toll", "Taxes should be lower"]] * 2


def test_a_folder_without_a_warehouse_is_refused(commentary: Path):
    shutil.rmtree(commentary)
    with pytest.raises(commentariat.WarehouseError, match="there is no warehouse at commentary"):
        commentariat.connect()
