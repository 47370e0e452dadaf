"""A checkpoint that gives no number for one stored article: the article stays without an answer, nights go on."""

from pathlib import Path

import pytest

from flows.sample import load_corpus
from tests.journeys.console_script import SameProcess
from tests.models.test_foreign_checkpoints import NLI, write_config, write_graph, write_tokenizer
from warehouse import connect

PIECES = ("harbor-ledger/build-reactors-again", "meridian-post/what-we-should-admit-about-nuclear-power")
CONFIG = """
[[targets]]
id = "nuclear-power"
statement = "Countries should build new nuclear power plants"
"""


@pytest.fixture
def desk(tmp_path: Path, prefect_api: str) -> SameProcess:
    """Two articles, in one of which a checkpoint overflows; the bundled model has read both."""
    (tmp_path / "texts").mkdir()
    pieces = load_corpus().pieces
    for name, last in zip(PIECES, ("Nuclear power plants are bad.", "That is all."), strict=True):
        text = "\n\n".join([*pieces[name].paragraphs, last]).replace(" bad ", " poor ")
        (tmp_path / "texts" / f"{name.partition('/')[0]}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "checkpoint").mkdir()
    write_tokenizer(tmp_path / "checkpoint")
    write_config(tmp_path / "checkpoint", NLI)
    write_graph(tmp_path / "checkpoint" / "model.onnx", bad=float("nan"))
    (tmp_path / "commentariat.toml").write_text(CONFIG)
    desk = SameProcess(tmp_path, prefect_api)
    ended = desk.types("run", "--input", "texts")
    assert ended.code == 0, ended.err
    return desk


def test_a_stored_article_for_which_the_model_gives_no_number_stops_no_night(desk: SameProcess) -> None:
    (desk.here / "commentariat.toml").write_text(f'[model]\nname = "checkpoint"\n{CONFIG}')
    for _ in range(2):
        ended = desk.types("rescore")
        assert ended.code == 1, ended.err
        assert "1 article was not scored" in ended.out and "gives no number" in ended.out, ended.out
    with connect(desk.here / "commentary") as reader:
        counts = reader.query(
            "SELECT count(*) AS n FROM stance GROUP BY model_version ORDER BY n"
        ).to_pylist()
    assert counts == [{"n": 1}, {"n": 2}]
