"""A second model that is a real one: what it answers may be of no use, but a night takes it as it comes."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.settings.config import load_config
from tests.flows.night.unsure_night import TEXT, a_run, ask, configured, publish, take_in
from tests.journeys.console_script import Stranger
from tests.journeys.small_language_model import NEEDED, served, write_folder
from warehouse import connect
from warehouse.upkeep.verify import verify

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        not all(importlib.util.find_spec(name) for name in NEEDED), reason="needs .ci/small-model"
    ),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Where the protocol begins, and the folder, which is the model's name."""
    folder = tmp_path_factory.mktemp("small")
    written = write_folder(folder / "model")
    with served(written, folder / "log") as url:
        yield url, written


def configured_for(folder: Path, model: tuple[str, Path]) -> None:
    """Name the server and its model in the configuration, with time and a short answer."""
    url, written = model
    file = folder / "commentariat.toml"
    configured(folder, url, "answer_tokens = 120")
    text = file.read_text().replace('model = "tiny"', f'model = "{written}"')
    file.write_text(text.replace("timeout_s = 10", "timeout_s = 300"))


def test_trying_it_shows_what_it_answers_and_what_it_takes(tmp_path: Path, model: tuple[str, Path]):
    configured_for(tmp_path, model)
    (tmp_path / "toll.txt").write_text(f"On the toll\n\n{TEXT}\n")
    ended = Stranger(tmp_path).types("second-model", "try", "toll.txt")
    assert ended.code == ("no answer" in ended.out)  # 1 where it gave nothing that can be used
    assert f"{model[1]} at {model[0]}, context 8,192 tokens" in ended.out
    assert "1 article: " in ended.out
    assert " 0 tokens sent" not in ended.out
    assert not (tmp_path / "commentary").exists()
    assert "Traceback" not in ended.err


async def test_a_night_counts_each_piece_as_answered_or_failed_and_keeps_the_first_answers(
    tmp_path: Path, model: tuple[str, Path]
):
    configured_for(tmp_path, model)
    config = load_config(tmp_path / "commentariat.toml", {})
    with a_run(config) as run:
        take_in(run, range(2))
        sentences = await ask(run)
        publish(run.writer)
    with connect(tmp_path / "commentary") as reader:
        found = reader.query("SELECT outcome, reason, tokens_in, tokens_out FROM second_reading").to_pylist()
        first = reader.query("SELECT count(*) AS n FROM stance WHERE model_version = 'fast-1'").to_pylist()
    assert sentences[0].startswith("2 articles asked about")
    assert len(found) == 2
    assert {one["outcome"] for one in found} <= {"answered", "partly", "refused"}
    assert all(one["tokens_in"] > 100 and one["tokens_out"] > 0 for one in found)
    assert first == [{"n": 4}]
    assert verify(tmp_path / "commentary").findings == ()
