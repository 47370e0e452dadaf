"""Another machine takes an article down just before this one commits rows about it: only these rows stay out."""

from __future__ import annotations

from pathlib import Path

import pytest

from commentariat import AuditError
from tests.warehouse import nights
from tests.warehouse.contents import files_with
from tests.warehouse.given_answers import given
from warehouse import Warehouse, connect
from warehouse.annotations.inbox import Inbox
from warehouse.sharing.shared_folder import SharedFolder
from warehouse.upkeep.compaction import compact_and_publish
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify
from warehouse.writing.overtaken import still_to_add

GONE = nights.url(1, 0, 0)


def taken_down_at(step: str, tmp_path: Path) -> Warehouse:
    """Make a shared warehouse of four articles; return a working copy in whose next run one of them is taken down.

    Another machine takes it down when the run first reaches ``step``.
    """
    shared = SharedFolder(tmp_path / "shared")
    other, taken = Warehouse(tmp_path / "other", remote=shared), []
    with other.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0))

    def on_step(reached: str) -> None:
        if reached == step and not taken:
            with other.writing(run_id="late", flow="takedown") as late:
                taken.append(take_down(late, urls=[GONE], reason="Asked for."))

    return Warehouse(tmp_path / "here", on_step=on_step, remote=shared)


@pytest.mark.parametrize("step", ["staged", "intent written"])
def test_a_copy_of_it_is_refused(tmp_path, step):
    here = taken_down_at(step, tmp_path)
    copy = {"article_id": "c" * 32, "duplicate_of": nights.hash32(GONE), "how": "near", "similarity": 0.9}
    with here.writing(run_id="b", flow="nightly") as writer:
        with pytest.raises(AuditError, match="not_taken_down"):
            writer.commit("1", {"duplicate": nights.table([copy])})
        writer.publish()
    with connect(here.root) as reader:
        assert reader.query("FROM duplicate").num_rows == 0
        assert reader.query("FROM article").num_rows == 3
    assert verify(here.root).findings == ()


@pytest.mark.parametrize("step", ["staged", "intent written"])
def test_a_visit_of_its_page_is_refused_and_the_others_are_stored(tmp_path, step):
    here, stays = taken_down_at(step, tmp_path), nights.url(1, 0, 1)
    rows = [{"url": url, "resource": "page", "fetched_at": nights.START} for url in (GONE, stays)]
    visits = {"visit": nights.table(rows)}
    with here.writing(run_id="b", flow="nightly") as writer:
        with pytest.raises(AuditError, match="not_taken_down"):
            writer.commit("1", visits)
        writer.commit("2", still_to_add(writer, visits))
        writer.publish()
    with connect(here.root) as reader:
        assert reader.query("SELECT url FROM visit")["url"].to_pylist() == [stays]
    assert verify(here.root).findings == ()


@pytest.mark.parametrize("step", ["staged", "intent written"])
def test_of_the_answers_in_the_inbox_only_those_about_it_are_deleted_and_the_run_ends(tmp_path, step):
    here = taken_down_at(step, tmp_path)
    with here.writing(run_id="b", flow="nightly") as writer:
        Inbox(here.root).keep([given(0), given(1)])
        writer.finish("the end")
        writer.publish()
    with connect(here.root) as reader:
        found = reader.query("SELECT annotation_id FROM annotation")["annotation_id"].to_pylist()
        assert reader.query("FROM article").num_rows == 3, "it was taken down meanwhile"
    assert found == [given(1).annotation_id]
    assert Inbox(here.root).is_empty
    assert here.commits()[-1].kind == "finish"
    assert verify(here.root).findings == ()


def test_an_answer_that_waits_on_another_machine_goes_with_its_next_compaction(tmp_path):
    shared = SharedFolder(tmp_path / "shared")
    there, here = (Warehouse(tmp_path / name, remote=shared) for name in ("there", "here"))
    with there.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0))
        writer.finish("the end")
    with here.writing(run_id="b", flow="publish"):
        Inbox(here.root).keep([given(0, note="An unmistakable zeppelin."), given(1)])
    with there.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, urls=[GONE], reason="Asked for.")
    assert files_with(here.root, "zeppelin")
    with here.writing(run_id="c", flow="compaction") as writer:
        compact_and_publish(writer, min_files=9)
    assert files_with(here.root, "zeppelin") == []
    with connect(here.root) as reader:
        found = reader.query("SELECT annotation_id FROM annotation")["annotation_id"].to_pylist()
        assert found == [given(1).annotation_id]
        assert reader.saved("unfinished_runs").num_rows == 0
