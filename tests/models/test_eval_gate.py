"""The floors are read, compared and only ever raised."""

import json

import pytest

from models import bundled_models, eval_gate


def test_every_row_of_the_sample_is_complete():
    rows = [json.loads(line) for line in eval_gate.SAMPLE.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) >= 30
    for row in rows:
        assert set(row) == {"id", "topic", "text", "targets"}
        assert set(row["targets"].values()) <= {"favor", "against", "neutral"}


def test_a_missed_floor_is_named():
    floors = {"sample": {"stance": 0.7}, "dev": {"at_least": {"a": 0.5}, "at_most": {"b": 0.1}}}
    found = eval_gate.checks(floors, {"stance": 0.6}, {"a": 0.5, "b": 0.2})
    assert [check.holds for check in found] == [False, True, False]
    assert "FAIL sample stance: 0.600 (>= 0.700)" in str(found[0])


def test_floors_never_come_down():
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
