"""The floors are read, compared with the figures, and never lowered."""

import json
from typing import Any

import pytest

from commentariat import InputError
from models import Document, Target, bundled_models, load_classifier
from training import eval_gate


def _rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in eval_gate.SAMPLE.read_text(encoding="utf-8").splitlines()]


def test_every_row_of_the_sample_is_complete():
    rows = _rows()
    assert len({row["id"] for row in rows}) == len(rows) >= 30
    for row in rows:
        assert set(row) == {"id", "topic", "text", "targets"}
        assert set(row["targets"].values()) <= {"favor", "against", "neutral"}


def test_a_missed_floor_is_named():
    floors = {"sample": {"stance": 0.7}, "dev": {"at_least": {"a": 0.5}, "at_most": {"b": 0.1}}}
    found = eval_gate.checks(floors, {"stance": 0.6}, {"a": 0.5, "b": 0.2})
    assert [check.holds for check in found] == [False, True, False]
    assert "FAIL sample stance: 0.600 (>= 0.700)" in str(found[0])


def test_figures_on_the_dev_splits_come_from_files(tmp_path):
    for name, figures in (("one", {"a": 0.5, "b": 1}), ("two", {"c": 0.25})):
        (tmp_path / f"{name}.json").write_text(json.dumps(figures), encoding="utf-8")
    found = eval_gate.dev_figures([tmp_path / "one.json", tmp_path / "two.json"])
    assert found == {"a": 0.5, "b": 1.0, "c": 0.25}


@pytest.mark.parametrize("content", ["[1]", '{"a": "high"}', "{", None])
def test_a_file_that_holds_no_figures_is_named(tmp_path, content):
    path = tmp_path / "figures.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"Cannot read figures in .*figures\.json"):
        eval_gate.dev_figures([path])


def test_a_figure_that_was_not_measured_misses_its_floor():
    floors = {"sample": {}, "dev": {"at_least": {"a": 0.5}}}
    assert [check.holds for check in eval_gate.checks(floors, {}, {"b": 1.0})] == [False]


def test_floors_are_never_lowered():
    floors = eval_gate.read_floors()
    nothing = dict.fromkeys(floors["sample"], 0.0)
    worst = dict.fromkeys(floors["dev"].get("at_least", {}), 0.0) | dict.fromkeys(
        floors["dev"].get("at_most", {}), 1.0
    )
    assert eval_gate.raised(floors, nothing, worst) == eval_gate.FLOORS.read_text(encoding="utf-8")


def test_a_better_model_raises_its_floors():
    floors = eval_gate.read_floors()
    best = dict.fromkeys(floors["sample"], 1.0)
    assert "stance = 0.980" in eval_gate.raised(floors, best, None)


@pytest.mark.parametrize("model", bundled_models())
def test_a_bundled_model_keeps_the_floors_on_our_own_texts(model: str):
    figures, wrong = eval_gate.sample_figures(model)
    missed = [
        str(check) for check in eval_gate.checks(eval_gate.read_floors(), figures, None) if not check.holds
    ]
    assert not missed, "\n".join([*missed, *wrong])


@pytest.mark.parametrize("text", ["uniform-quoted", "gm-quoted"])
@pytest.mark.parametrize("model", bundled_models())
def test_the_side_of_the_people_whom_an_author_quotes_is_never_given_as_the_authors(model: str, text: str):
    """These answers are few among those of which the floors are shares, so a floor would not see that they turned."""
    (row,) = (row for row in _rows() if row["id"] == text)
    opposite = {"favor": "against", "against": "favor"}
    targets = [Target(id=statement, statement=statement) for statement in row["targets"]]
    (reading,) = load_classifier(model).read([Document(id=text, text=row["text"])], [targets])
    given = {answer.target.statement: answer.stance for answer in reading.stances}
    assert given.keys() == row["targets"].keys()
    assert [statement for statement in given if given[statement] == opposite[row["targets"][statement]]] == []
