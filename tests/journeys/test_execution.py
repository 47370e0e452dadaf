"""The same night gives the same warehouse, whether threads, processes or a cluster run the classifier."""

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.monitoring.result import NEEDS_ATTENTION, result_of
from flows.monitoring.summary import Summary
from flows.night.classifier.classifier_pool import open_classifier_pool
from flows.night.opening import NightRequest
from flows.nightly import nightly
from flows.settings.config import load_config
from models import Target, loading
from tasks.classify import Assignment
from tests.journeys.press import essay
from tests.journeys.same_warehouse import content

ESSAYS = 11
TARGET = Target("tram", "The city should build a new tram line", ("tram line",))
RARE_WORD = "Mison"
pytestmark = pytest.mark.usefixtures("prefect_server")
CLUSTERS = {"dask": "prefect_dask", "ray": "prefect_ray"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with essays; one is a copy of an essay in an earlier micro-batch."""
    folder = tmp_path_factory.mktemp("desk")
    texts = {number: essay(number) for number in range(1, ESSAYS)} | {ESSAYS: essay(1)}
    rows = [
        {
            "id": str(number),
            "url": f"https://essays.example/{number}",
            "title": f"Essay {number}",
            "text": text,
        }
        for number, text in texts.items()
    ]
    (folder / "essays.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def config_for(desk: Path, name: str, execution: str = "", model: Path | None = None) -> Path:
    file = desk / f"{name}.toml"
    file.write_text(
        f"""
[warehouse]
path = "{name}"
[run]
batch_size = 4
[extract]
workers = 1
[model]
name = "{model or "fast"}"
[[sources]]
name = "essays"
type = "files"
location = "essays.jsonl"
kind = "opinion"
outlet = "The Essayist"
[[targets]]
id = "{TARGET.id}"
statement = "{TARGET.statement}"
aliases = ["{TARGET.aliases[0]}"]
[execution]
{execution}
"""
    )
    return file


def night(config: Path) -> Summary:
    async def ended() -> Summary:
        return await result_of(nightly(NightRequest(config=config), return_state=True))

    return asyncio.run(ended())


@pytest.fixture(scope="module")
def by_one_worker(desk: Path, prefect_server: str) -> Path:
    assert night(config_for(desk, "one-worker")).outcomes == {"loaded": ESSAYS - 1, "duplicate": 1}
    return desk / "one-worker"


@pytest.mark.parametrize(
    "runner",
    ["threads", "processes", "dask", pytest.param("ray", marks=pytest.mark.slow)],
)
def test_the_same_night_gives_the_same_warehouse(desk: Path, by_one_worker: Path, runner: str) -> None:
    if runner in CLUSTERS:
        pytest.importorskip(CLUSTERS[runner], reason=f"needs pip install -e '.[{runner}]'")
    night(config_for(desk, runner, f'runner = "{runner}"\nworkers = 2'))
    assert content(desk / runner) == content(by_one_worker)
    assert len(content(desk / runner)["scored"]) == 2 * (ESSAYS - 1)


@task(cache_policy=NO_CACHE, persist_result=False)
def models_loaded_here() -> tuple[int, int]:
    return os.getpid(), loading._load.cache_info().misses


@pytest.mark.parametrize("runner", ["processes", "dask", pytest.param("ray", marks=pytest.mark.slow)])
def test_a_worker_process_loads_the_model_once_and_the_flow_only_to_see_that_it_can(
    desk: Path, runner: str
) -> None:
    if runner in CLUSTERS:
        pytest.importorskip(CLUSTERS[runner], reason=f"needs pip install -e '.[{runner}]'")
    config = load_config(config_for(desk, f"probe-{runner}", f'runner = "{runner}"\nworkers = 2'))
    assignments = [Assignment(str(number), 1, None, essay(number), "en", (TARGET,)) for number in range(1, 7)]

    async def seen() -> set[tuple[int, int]]:
        async with open_classifier_pool(config) as classifier_pool:
            for number in range(3):
                read = await classifier_pool.classify(f"batch {number}", assignments)
                assert [one.assignment for one in read] == assignments
            futures = [classifier_pool.runner.submit(models_loaded_here, {}) for _ in range(8)]
            return {await asyncio.to_thread(future.result) for future in futures}

    loads = asyncio.run(seen())
    assert os.getpid() not in {process for process, _ in loads}
    # Two processes have read three micro-batches in two parts each; a cluster may have a third process.
    assert sum(times for _, times in loads) in (1, 2)
    assert max(times for _, times in loads) == 1


class TextThatEndsItsWorker(str):
    """A text at which a worker process ends at once, as if the system had killed it."""

    def __reduce__(self) -> tuple[Callable[[int], object], tuple[int]]:
        return os._exit, (1,)


async def classified_although_a_worker_dies(config: Path) -> tuple[list[str], list[str]]:
    """Classify two batches; give the ids of the articles that are scored, and the troubles."""
    texts = [TextThatEndsItsWorker(essay(1)), essay(2)]
    assignments = [Assignment(str(n), 1, None, text, "en", (TARGET,)) for n, text in enumerate(texts)]
    async with open_classifier_pool(load_config(config)) as classifier_pool:
        scored = await classifier_pool.classify("batch", assignments)
        scored += await classifier_pool.classify("next batch", assignments[1:])
        return [one.assignment.article_id for one in scored], classifier_pool.troubles


def test_only_the_article_at_which_a_worker_process_dies_stays_unscored(desk: Path) -> None:
    config = config_for(desk, "died", 'runner = "processes"\nworkers = 2')
    scored, [trouble] = asyncio.run(flow(classified_although_a_worker_dies)(config))
    assert scored == ["1", "1"]
    assert trouble.startswith("WorkerDiedError: ")


def test_an_article_on_which_the_classifier_fails_is_left_out_alone_and_needs_attention(
    desk: Path, by_one_worker: Path, tmp_path: Path
) -> None:
    """The model has no vector for the number of one word, so the graph itself fails on a text with this word."""
    hit = {number for number in range(1, ESSAYS) if RARE_WORD in essay(number)}
    assert 0 < len(hit) < ESSAYS - 1
    model = broken_model(tmp_path, RARE_WORD)
    config = config_for(desk, "broken", model=model)
    state = asyncio.run(nightly(NightRequest(config=config), return_state=True))

    assert (state.type.value, state.name) == ("FAILED", NEEDS_ATTENTION)
    beginning = f"{len(hit)} articles were not scored, but kept, and will be asked again by the next run: "
    assert state.message.startswith(beginning)
    assert f"{ESSAYS - 1} loaded" in state.message
    scored = {row[0] for row in content(desk / "broken")["scored"]}
    assert len(scored) == ESSAYS - 1 - len(hit)
    assert content(desk / "broken")["text"] == content(by_one_worker)["text"]


def broken_model(folder: Path, word: str) -> Path:
    """Copy the bundled model, and add a word to its vocabulary but not to its vectors.

    The folder does not state the number of vectors, or else it would be refused when it is opened.
    """
    broken = folder / "broken"
    shutil.copytree(Path(loading.__file__).parent / "fast", broken)
    tokenizer = json.loads((broken / "tokenizer.json").read_text())
    flags = {"single_word": True, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    tokenizer["added_tokens"].append({"id": 60_000, "content": word, **flags})
    (broken / "tokenizer.json").write_text(json.dumps(tokenizer))
    settings = json.loads((broken / "config.json").read_text())
    del settings["vocab_size"]
    (broken / "config.json").write_text(json.dumps(settings))
    return broken
