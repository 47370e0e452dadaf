"""The ways of reading a corpus that ``benchmarks.peers`` compares, and their lower bounds, each as a command.

    python -m benchmarks.ways WAY --folder DIR --articles N --targets N --port PORT

The last printed line is one JSON object. DIR has ``articles.jsonl`` (:func:`benchmarks.synthetic.write_corpus`); the
night writes its configuration into it. Pages are served on loopback at PORT.
"""

import argparse
import asyncio
import csv
import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import aiohttp
import pyarrow as pa
import pyarrow.parquet as pq

import models
from benchmarks.classify import TEXT_SHAPE, flops, int8_peak, pair_shape, record_inputs
from benchmarks.pages import page_of
from benchmarks.synthetic import pieces, statements
from models import Document, Reading, Target, load_classifier, load_taxonomy
from models.cores import usable_cores
from models.tokenizer import load_tokenizer
from tasks.classify import Assignment, ClassifierChoice, Scored
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Workers

FAST = Path(models.__file__).parent / "fast"
CHARACTERS = 2_000
"""Number of characters of an article that the most similar program reads."""
CHARACTERS_OF_EVERY_TEXT = 1_000
"""No article has fewer characters."""
BATCH = 64
IN_FLIGHT = 64


def targets(count: int) -> list[Target]:
    """Return the first targets of the corpus."""
    return [Target(name, statement) for name, statement in statements(count).items()]


def documents(folder: Path, count: int) -> Iterator[Document]:
    """Read the texts of the first `count` pieces, one after another."""
    with (folder / "articles.jsonl").open(encoding="utf-8") as file:
        for _, line in zip(range(count), file, strict=False):
            row = json.loads(line)
            yield Document(row["url"], row["text"], row["title"], "en")


def check_for_zero_shot(otherwise: str = "") -> None:
    """End the program if packages of the extra ``peers`` are missing, with a message that ends in `otherwise`."""
    if missing := [name for name in ("torch", "pandas") if find_spec(name) is None]:
        raise SystemExit(
            f"the zero-shot way needs {' and '.join(missing)}: pip install -e '.[peers]'{otherwise}"
        )


def zero_shot(folder: Path, count: int, asked: int, _port: int) -> dict[str, Any]:
    """Read in the way of the most similar program, Media Cloud's sous-chef, rebuilt from its description.

    There is a Prefect task for each article, a zero-shot pipeline that is asked label by label about the first 2,000
    characters, a data frame of pandas, and CSV. The encoder has the size of the bundled one and random weights, because
    the speed does not depend on the weights.
    """
    check_for_zero_shot()
    import pandas as pd  # noqa: PLC0415 - of the extra `peers`, as torch
    import torch  # noqa: PLC0415
    from prefect import flow, task  # noqa: PLC0415 - the import takes a second, and other ways do not need it
    from prefect.cache_policies import NO_CACHE  # noqa: PLC0415
    from transformers import BertConfig, BertForSequenceClassification, pipelines  # noqa: PLC0415

    torch.set_num_threads(usable_cores())
    labels = {0: "contradiction", 1: "entailment", 2: "neutral"}
    config = json.loads((FAST / "config.json").read_text(encoding="utf-8"))
    sizes = ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "vocab_size")
    shape = {name: int(config[name]) for name in sizes}
    tokenizer = load_tokenizer(FAST)
    tokenizer.model_max_length = 512
    network = BertConfig(
        **shape, id2label=labels, label2id={label: number for number, label in labels.items()}
    )
    ask = pipelines.pipeline(
        "zero-shot-classification",
        model=BertForSequenceClassification(network).eval(),
        tokenizer=tokenizer,
        device="cpu",
    )
    topics = [topic.label for topic in load_taxonomy("cap").topics]
    statements = [target.statement for target in targets(asked)]

    @task(cache_policy=NO_CACHE)
    def read(document: Document) -> dict[str, float]:
        text = document.text[:CHARACTERS]
        answers = [
            ask(text, topics, multi_label=True),
            ask(text, statements, multi_label=True, hypothesis_template="{}"),
        ]
        scores = (zip(answer["labels"], answer["scores"], strict=True) for answer in answers)
        return {"url": document.id} | {label: score for pairs in scores for label, score in pairs}

    @flow
    def label_by_label() -> None:
        rows = [read(document) for document in documents(folder, count)]
        pd.DataFrame(rows).to_csv(folder / "zero_shot.csv", index=False)

    began = time.perf_counter()
    label_by_label()
    seconds = time.perf_counter() - began
    return _result(count, seconds, made=count, stored=(folder / "zero_shot.csv").stat().st_size)


def task_an_article(folder: Path, count: int, asked: int, _port: int) -> dict[str, Any]:
    """Run a Prefect task for each article, with our own model; the answers go to CSV."""
    from prefect import flow, task  # noqa: PLC0415 - as above
    from prefect.cache_policies import NO_CACHE  # noqa: PLC0415

    wanted = targets(asked)
    out = folder / "task_an_article.csv"

    @task(cache_policy=NO_CACHE)
    def read(document: Document) -> list[tuple[object, ...]]:
        (reading,) = load_classifier().read([document], [wanted])
        stances = [
            (document.id, stance.target, stance.stance, stance.p_favor, stance.p_against)
            for stance in reading.stances
        ]
        return [*stances, *((document.id, topic.code, topic.score) for topic in reading.topics)]

    @flow
    def by_article() -> None:
        with out.open("w", encoding="utf-8", newline="") as file:
            for document in documents(folder, count):
                csv.writer(file).writerows(read(document))

    began = time.perf_counter()
    by_article()
    return _result(count, time.perf_counter() - began, made=count, stored=out.stat().st_size)


def floor(folder: Path, count: int, asked: int, _port: int) -> dict[str, Any]:
    """Read with our model in batches and do nothing else; no night can be faster than this and extraction."""
    inputs = record_inputs()
    wanted = targets(asked)
    given = list(documents(folder, count))
    began = time.perf_counter()
    classifier = load_classifier()
    for start in range(0, count, BATCH):
        batch = given[start : start + BATCH]
        classifier.read(batch, [wanted] * len(batch))
    seconds = time.perf_counter() - began
    lengths = {
        kind: [len(sequence) for is_pair, sequences in inputs if is_pair == kind for sequence in sequences]
        for kind in (False, True)
    }
    distinct = {(is_pair, tuple(sequence)) for is_pair, sequences in inputs for sequence in sequences}
    tokens = sum(map(sum, lengths.values()))
    work = flops(lengths[False], TEXT_SHAPE) + flops(lengths[True], pair_shape("fast"))
    return _result(count, seconds) | {
        "pairs": len(lengths[True]),
        "tokens": tokens,
        "tokens_read_twice": tokens - sum(len(sequence) for _, sequence in distinct),
        "share_of_targets_read": len(lengths[True]) / (count * asked),
        "operations_per_s": work / seconds,
    }


def int8_product(_folder: Path, count: int, _asked: int, _port: int) -> dict[str, Any]:
    """Multiply int8 matrices as fast as ONNX Runtime can on all cores."""
    began = time.perf_counter()
    peak = int8_peak(usable_cores())
    return _result(count, time.perf_counter() - began) | {"operations_per_s": peak}


def night(folder: Path, count: int, asked: int, port: int) -> dict[str, Any]:
    """Run the flow `nightly`: discover, fetch from a server on loopback, extract, dedupe, classify, load, publish."""
    from flows.monitoring.result import result_of  # noqa: PLC0415 - as above
    from flows.night.opening import NightRequest  # noqa: PLC0415
    from flows.nightly import nightly  # noqa: PLC0415
    from flows.report import station as report  # noqa: PLC0415
    from tasks import stations  # noqa: PLC0415

    made = 0

    def count_one(*_: object) -> None:
        nonlocal made
        made += 1

    for station in stations_of(stations, report):
        station.on_running(count_one)
    config = folder / f"night-{count}-{asked}.toml"
    write_configuration(config, folder, count, asked, port)
    began = time.perf_counter()

    async def run() -> Any:  # noqa: ANN401 - a summary
        return await result_of(nightly(NightRequest(config=config), return_state=True))

    summary = asyncio.run(run())
    seconds = time.perf_counter() - began
    warehouse = folder / config.stem
    stored = sum(f.stat().st_size for f in (warehouse / "data").rglob("*.parquet"))
    published = sum(f.stat().st_size for f in (warehouse / "db").glob("warehouse-*.duckdb"))
    result = _result(count, seconds, made=made, stored=stored)
    return result | {"published_bytes": published, "outcomes": summary.outcomes}


def stations_of(*modules: ModuleType) -> list[Any]:
    """Return the Prefect tasks that modules define, also those behind a function that quotes their arguments."""
    from prefect import Task  # noqa: PLC0415 - the ways without Prefect do not need it

    defined = [value for module in modules for value in vars(module).values()]
    behind = [value if isinstance(value, Task) else getattr(value, "__wrapped__", None) for value in defined]
    return [station for station in behind if isinstance(station, Task)]


def night_of_stored_scores(folder: Path, count: int, asked: int, port: int) -> dict[str, Any]:
    """Run the night with one stored answer for all articles: everything is done except reading."""
    from tasks import stations  # noqa: PLC0415 - as above

    # Offsets of evidence in so short a text are valid in every article.
    (first,) = documents(folder, 1)
    short = replace(first, text=first.text[:CHARACTERS_OF_EVERY_TEXT])

    @cache
    def answer(choice: ClassifierChoice) -> Reading:
        # By the night's own model, because a second one would need memory of its own.
        (reading,) = choice.load().read([short], [targets(asked)])
        return reading

    def stored(assignments: Sequence[Assignment], choice: ClassifierChoice) -> list[Scored]:
        return [
            Scored(assignment, replace(answer(choice), document_id=assignment.article_id))
            for assignment in assignments
        ]

    stations.classify_batch = stored
    return night(folder, count, asked, port)


def write_configuration(path: Path, folder: Path, count: int, asked: int, port: int) -> None:
    """Write the configuration of a night over the corpus: a source for each outlet, pages on loopback, no pauses."""
    listed: dict[int, list[str]] = {}
    with (folder / "articles.jsonl").open(encoding="utf-8") as file:
        for _, line in zip(range(count), file, strict=False):
            row = json.loads(line)
            listed.setdefault(row["outlet"], []).append(row["url"])
    lines = [f'[warehouse]\npath = "{path.stem}"', "[fetch]\ndelay_s = 0\nper_host_concurrency = 8"]
    lines.append(f'contact = "benchmark@example.org"\narchives = "{folder}"')
    lines.append("[fetch.connect_to]")
    lines += [f'"outlet{outlet:02d}.example" = "127.0.0.1:{port}"' for outlet in sorted(listed)]
    for outlet, urls in sorted(listed.items()):
        lines.append(f'[[sources]]\nname = "outlet{outlet:02d}"\ntype = "urls"\nkind = "opinion"')
        lines.append(f'outlet = "Outlet {outlet:02d}"\nlocations = {json.dumps(urls)}')
    for target in targets(asked):
        lines.append(f'[[targets]]\nid = "{target.id}"\nstatement = {json.dumps(target.statement)}')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def extraction(_folder: Path, count: int, _asked: int, _port: int) -> dict[str, Any]:
    """Extract the pages and do nothing else."""
    logging.disable(logging.CRITICAL)
    pages = [page_of(piece) for piece in pieces(count)]
    with Workers(ExtractSettings()) as pool:
        began = time.perf_counter()
        for start in range(0, count, BATCH):
            pool.explain(pages[start : start + BATCH])
        return _result(count, time.perf_counter() - began)


def bare_client(folder: Path, count: int, _asked: int, port: int) -> dict[str, Any]:
    """Fetch the pages with aiohttp alone, with as many requests under way as in a night."""
    waiting = iter([document.id for document in documents(folder, count)])

    async def fetch() -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

            async def worker() -> None:
                for url in waiting:
                    _, _, place = url.partition("//")
                    name, _, path = place.partition("/")
                    async with session.get(
                        f"http://127.0.0.1:{port}/{path}", headers={"Host": name}
                    ) as answer:
                        assert answer.status == 200
                        await answer.read()

            await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))

    began = time.perf_counter()
    asyncio.run(fetch())
    return _result(count, time.perf_counter() - began)


def write_table(folder: Path, count: int, asked: int, _port: int) -> dict[str, Any]:
    """Write texts, and a row for each target, with plain ``pq.write_table``."""
    given = list(documents(folder, count))
    names = [target.id for target in targets(asked)]
    began = time.perf_counter()
    texts = pa.table(
        {"id": [document.id for document in given], "text": [document.text for document in given]}
    )
    size = count * asked
    scores = pa.table({
        "id": [document.id for document in given for _ in names], "target": names * count, "favor": [0.25] * size,
        "against": [0.5] * size, "relevance": [0.75] * size,
    })  # fmt: skip
    for name, table in (("texts", texts), ("scores", scores)):
        pq.write_table(table, folder / f"plain-{name}.parquet", compression="zstd")
    seconds = time.perf_counter() - began
    stored = sum((folder / f"plain-{name}.parquet").stat().st_size for name in ("texts", "scores"))
    return _result(count, seconds, stored=stored)


def _result(count: int, seconds: float, *, made: int = 0, stored: int = 0) -> dict[str, Any]:
    return {"articles": count, "seconds": seconds, "task_runs_made": made, "bytes": stored}


Way = Callable[[Path, int, int, int], dict[str, Any]]
WAYS: dict[str, Way] = {
    way.__name__: way
    for way in (
        zero_shot,
        task_an_article,
        floor,
        night,
        night_of_stored_scores,
        extraction,
        bare_client,
        write_table,
        int8_product,
    )
}


def main() -> None:
    """Run one way, and print its time and figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--targets", type=int, default=10)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    result = WAYS[options.way](options.folder, options.articles, options.targets, options.port)
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
