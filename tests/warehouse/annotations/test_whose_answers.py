"""The answers of the model that the configuration named last count; answers of other models are only compared."""

from __future__ import annotations

import pytest

from commentariat import AuditError
from tests.warehouse import nights
from warehouse import Warehouse, Writer, connect
from warehouse.upkeep.verify import verify

IDS = [nights.hash32(nights.url(1, 0, n)) for n in range(4)]


def named(model: str, rank: int) -> dict[str, object]:
    row = {"model_version": model, "name": "fast", "stated_right": 0.6, "rank": rank}
    return {"reading": nights.table([row | {"current_from": nights.START}])}


def counts(writer: Writer, table: str = "stance") -> dict[str, int]:
    sql = f"SELECT model_version, count(*) FILTER (is_current) AS n FROM {table} GROUP BY ALL"
    return {row["model_version"]: row["n"] for row in writer.query(sql).to_pylist()}


def trial(writer: Writer) -> None:
    writer.commit("trial", {**nights.model_row("trial", 0), **nights.labels(IDS, model="trial")})


def test_a_trial_is_stored_and_does_not_count(filled: Warehouse):
    with filled.writing(run_id="b", flow="rescore") as writer:
        trial(writer)
        assert counts(writer) == {"fast-1": 24, "trial": 0}
        assert counts(writer, "topic") == {"fast-1": 12, "trial": 0}
        totals = writer.query("SELECT sum(articles)::INT AS n FROM stance_total")["n"].to_pylist()
        assert totals == [24]


def test_answers_that_only_a_trial_has_given_do_not_count(warehouse: Warehouse):
    rows = nights.batch(1, 0, model="trial")
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows(model="trial", rank=0))
        writer.commit("1", rows)
        assert counts(writer) == {"trial": 0}
        writer.commit("2", named("trial", 1))
        assert counts(writer) == {"trial": 8}


def test_the_answers_of_the_configured_model_count_also_after_a_change_back(filled: Warehouse):
    with filled.writing(run_id="b", flow="rescore") as writer:
        trial(writer)
        writer.commit("adopt", named("trial", 2))
        # If the named model has not answered yet, the answers of the model before it still count.
        assert counts(writer) == {"fast-1": 16, "trial": 8}
        assert counts(writer, "evidence")["trial"] > 0
        writer.commit("back", named("fast-1", 3))
        assert counts(writer) == {"fast-1": 24, "trial": 0}
        assert writer.query_file("wrong_totals").num_rows == 0
        kept = writer.query("SELECT * FROM model ORDER BY ALL")
        assert [(r["model_version"], r["rank"], r["is_current"]) for r in kept.to_pylist()] == [
            ("fast-1", 3, True),
            ("trial", 2, False),
        ]
        writer._base.discard()
        assert counts(writer) == {"fast-1": 24, "trial": 0}
        assert writer.query("SELECT * FROM model ORDER BY ALL") == kept


def test_a_model_that_is_named_before_it_answers_counts_from_its_first_answer_on(filled: Warehouse):
    with filled.writing(run_id="b", flow="nightly") as writer:
        writer.commit("named", named("next", 2))
        assert counts(writer) == {"fast-1": 24}
        assert writer.query("SELECT bool_or(is_current) AS any FROM model")["any"].to_pylist() == [False]
        writer.commit("first", {**nights.model_row("next", 0), **nights.labels(IDS[:1], model="next")})
        assert counts(writer) == {"fast-1": 22, "next": 2}


def test_of_two_models_with_the_same_rank_one_counts(filled: Warehouse, monkeypatch: pytest.MonkeyPatch):
    """Two machines of an earlier version have named two models at the same moment."""
    monkeypatch.setattr("warehouse.writing.audit.violations", lambda *_, **__: [])
    with filled.writing(run_id="b", flow="rescore") as writer:
        trial(writer)
        writer.commit("here", named("fast-1", 2))
        writer.commit("there", named("trial", 2))
        assert counts(writer) == {"fast-1": 16, "trial": 8}
        assert counts(writer, "topic") == {"fast-1": 8, "trial": 4}
        assert writer.query_file("wrong_totals").num_rows == 0
        totals = writer.query("SELECT sum(articles)::INT AS n FROM stance_total")["n"].to_pylist()
        assert totals == [24]
        models = writer.query("SELECT model_version, is_current FROM model ORDER BY ALL")
        assert [tuple(row.values()) for row in models.to_pylist()] == [("fast-1", False), ("trial", True)]
        writer._base.discard()
        assert counts(writer) == {"fast-1": 16, "trial": 8}
        writer.commit("back", named("fast-1", 3))
        assert counts(writer) == {"fast-1": 24, "trial": 0}


def test_a_rank_that_another_model_has_is_refused(filled: Warehouse):
    with filled.writing(run_id="b", flow="rescore") as writer:
        writer.commit("named", named("next", 2))
        for rank in (1, 2):
            with pytest.raises(AuditError, match="reading_ranks"):
                writer.commit(f"too {rank}", named("trial", rank))
        writer.commit("above", named("trial", 3))
        writer.commit("again", named("next", 4))
    assert verify(filled.root).findings == ()


@pytest.fixture
def tried(filled: Warehouse) -> Warehouse:
    with filled.writing(run_id="b", flow="rescore") as writer:
        labels = nights.labels(IDS, model="trial")
        stance = labels["stance"].to_pylist()
        before = [row["stance"] for row in stance]
        for row in stance:
            if row["stance"] == "favor":
                row["stance"] = "unsure"
        assert "favor" in before
        labels["stance"] = nights.table(stance)
        writer.commit("trial", {**nights.model_row("trial", 0), **labels})
        writer.publish()
    return filled


def test_an_answer_that_an_article_is_not_about_a_target_is_not_shown_as_neutral(filled: Warehouse):
    with filled.writing(run_id="b", flow="rescore") as writer:
        labels = nights.labels(IDS, model="next")
        stances = labels["stance"].to_pylist()
        for row in stances:
            if not row["about"]:
                row |= {"stance": "neutral", "about": True}
            elif row["stance"] == "favor":
                row |= {"stance": "neutral", "about": False}
        labels["stance"] = nights.table(stances)
        del labels["evidence"]
        writer.commit("next", {**nights.model_row("next", 2), **labels})
        writer.publish()
    with connect(filled.root) as reader:
        changes = reader.saved("model_changes").to_pylist()
        differ = reader.saved("models_differ").to_pylist()
    sides = {(row["before"], row["after"]) for row in changes}
    assert sides == {("favor", "not_about"), ("not_about", "neutral")}
    assert {(row["other_says"], row["counts"]) for row in differ} == sides


def changes_between_models(warehouse: Warehouse) -> set[tuple[str, str]]:
    with connect(warehouse.root) as reader:
        return {(row["before"], row["after"]) for row in reader.saved("model_changes").to_pylist()}


def test_only_first_models_that_were_named_are_shown_as_the_models_before_and_after(tried: Warehouse):
    assert changes_between_models(tried) == set(), "the trial was never named"
    with tried.writing(run_id="c", flow="rescore") as writer:
        writer.commit("adopt", named("trial", 2))
        writer.publish()
    assert changes_between_models(tried) == {("favor", "unsure")}
    with tried.writing(run_id="d", flow="nightly") as writer:
        second = nights.by_second_model(nights.labels(IDS))
        writer.commit("second", {**nights.second_model_row(3), **second})
        assert counts(writer)[nights.SECOND_MODEL] == 8
        writer.publish()
    assert changes_between_models(tried) == {("favor", "unsure")}


def test_a_trial_is_compared_with_the_answers_that_count(tried: Warehouse):
    with tried.writing(run_id="c", flow="test") as writer:
        rows = writer.query_file("compared", {"model_version": "trial", "other": "fast-1"}).to_pylist()
        assert sum(row["articles"] for row in rows) == 8
        changed = {(r["other_answer"], r["answer"]) for r in rows if r["other_answer"] != r["answer"]}
        assert changed == {("favor", "unsure")}
    with connect(tried.root) as reader:
        differ = reader.saved("models_differ").to_pylist()
        assert {(r["other_version"], r["counts"], r["other_says"]) for r in differ} == {
            ("trial", "favor", "unsure")
        }
        models = reader.saved("models").to_pylist()
        assert [(r["name"], r["model_version"], r["is_named"], r["current"]) for r in models] == [
            ("fast", "fast-1", True, 36),
            ("fast", "trial", False, 0),
        ]
