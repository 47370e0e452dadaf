"""The content of the explorer's pages, requested over HTTP as a browser does, without any script."""

import codecs
import csv
import errno
import io
import os
import re
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from flows.explorer import app
from flows.explorer.guard import Tokens
from flows.explorer.snapshots import Snapshots
from tests.flows.conftest import Command
from tests.flows.explorer.conftest import HOSTILE, REVISED, Answer, RunningServer, json_rows, started
from tests.warehouse import nights
from warehouse import Warehouse, connect
from warehouse.exporting.forms import write

TARGET = "chip-exports"
ARTICLE = nights.hash32(nights.url(1, 0, 0))
REVISED_ARTICLE = nights.hash32(nights.url(1, 2, 0))
HOSTILE_ARTICLE = nights.hash32(nights.url(9, 0, 0))


def titles(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.text
    return answer.shown(".articles h3")


def headline(answer: Answer) -> str:
    return answer.shown("h1")[0]


def test_the_first_view_shows_the_number_of_articles_and_their_sides(explorer: RunningServer) -> None:
    answer = explorer.ask("/")
    assert headline(answer) == "13 articles of 4 outlets, 2 January 2026"
    rows = {row[0]: row[1:] for row in sides(answer)}
    with connect(explorer.warehouse) as reader:
        counted = reader.saved("stances").to_pylist()
    assert rows == {
        row["statement"]: [row[side] for side in ("against", "favor", "unsure", "neutral", "articles")]
        for row in counted
    }
    assert len(titles(answer)) == 13


def sides(answer: Answer) -> list[list[object]]:
    """Return the numbers of each row of the table of sides, each after its statement; without shares."""
    return [
        [row.cssselect("th")[0].text_content().strip()]
        + [int(re.match(r"\s*(\d+)", cell.text_content()).group(1)) for cell in row.cssselect("td.n")]  # type: ignore[union-attr]
        for row in answer.page.cssselect("table.sides tbody tr")
    ]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        (f"target={TARGET}", f"article_id IN (SELECT article_id FROM current_stance WHERE target = '{TARGET}')"),
        (
            f"target={TARGET}&stance=favor",
            f"article_id IN (SELECT article_id FROM current_stance WHERE target = '{TARGET}' AND stance = 'favor')",
        ),
        (
            "stance=favor&stance=unsure",
            "article_id IN (SELECT article_id FROM current_stance WHERE stance IN ('favor', 'unsure'))",
        ),
        ("outlet=Harbor+Ledger&outlet=Plain+Speaker", "outlet IN ('Harbor Ledger', 'Plain Speaker')"),
        ("author=a.+WRIT", "list_contains(authors, 'A. Writer')"),
        ("topic=Topic+2", "article_id IN (SELECT article_id FROM main_topic WHERE label = 'Topic 2')"),
        ("since=2026-01-02&until=2026-01-02", "published_at::DATE = '2026-01-02'"),
        ("until=2026-01-03", "published_at IS NOT NULL"),
        ('words=%22asked+the+workers%22', "article_id NOT IN (SELECT article_id FROM article WHERE revision > 1)"),
        (
            f"outlet=Plain+Speaker&target={TARGET}&since=2026-01-01&words=workers",
            f"article_id IN (SELECT article_id FROM current_stance WHERE target = '{TARGET}')"
            " AND outlet = 'Plain Speaker' AND published_at IS NOT NULL AND revision = 1",
        ),
    ],
)  # fmt: skip
def test_list_counts_and_charts_follow_the_filter(explorer: RunningServer, query: str, where: str) -> None:
    answer = explorer.ask(f"/?{query}")
    with connect(explorer.warehouse) as reader:
        (row,) = reader.query(
            f"SELECT count(*) AS n, list(title ORDER BY title) AS titles FROM article WHERE is_current AND {where}"
        ).to_pylist()
    if "words" in query:  # the hostile article lacks the words
        row["titles"] = [title for title in row["titles"] if title != HOSTILE]
        row["n"] = len(row["titles"])
    assert row["n"], "the test would say nothing"
    assert sorted(titles(answer)) == row["titles"]
    assert headline(answer).startswith(f"{row['n']} article")
    topics = answer.shown("section[aria-labelledby=h-topics] td.n")
    assert sum(map(int, topics)) == row["n"]


def test_the_address_has_the_filter_and_links_keep_it(explorer: RunningServer) -> None:
    answer = explorer.ask(f"/?target={TARGET}&stance=favor&words=workers&since=2026-01-01")
    assert answer.page.cssselect("input[name=words]")[0].get("value") == "workers"
    assert answer.page.cssselect("input[type=hidden][name=target]")[0].get("value") == TARGET
    ticked = answer.page.cssselect("input[name=stance][checked]")
    assert [tick.get("value") for tick in ticked] == ["favor"]
    for link in answer.page.cssselect("a[href^='/']"):
        assert explorer.ask(link.get("href")).status in (200, 303), link.get("href")


def test_a_filter_without_results_shows_the_counts_without_each_condition(explorer: RunningServer) -> None:
    answer = explorer.ask("/?words=zeppelin&outlet=Harbor+Ledger")
    assert headline(answer) == "No article matches the filter"
    assert answer.shown("main li") == ["without the words: 6 articles", "without the outlet: 0 articles"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/?since=yesterday", 400, "write a day as 2026-11-30"),
        ("/?since=0001-01-01", 400, "write a day from 1000-01-01 to 9000-01-01, or leave since out"),
        ("/?until=9999-12-31", 400, "write a day from 1000-01-01 to 9000-01-01, or leave until out"),
        ("/?since=2026-02-01&until=2026-01-01", 400, "exchange the two"),
        ("/?stance=furious", 400, "there are favor, against, neutral, unsure"),
        ("/?page=0", 400, "counted from 1"),
        ("/?words=%3F%21", 400, "no word to search for"),
        ("/download/articles.csv?words=%3F%21", 400, "no word to search for"),
        ("/?words=" + "x" * 301, 400, "300 characters"),
        ("/?outlet=a%00b", 400, "control character"),
        ("/article/none", 404, "no article 'none' is stored"),
        (f"/article/{ARTICLE}?revision=7", 404, "none is number 7"),
        (f"/article/{ARTICLE}?revision=x", 400, "number of a revision"),
        (f"/article/{ARTICLE}/changes", 400, "name both"),
        ("/download/secrets.csv", 404, "no such page"),
        ("/download/articles.exe", 404, "no such page"),
        ("/static/../app.py", 404, "no such page"),
    ],
)
def test_an_error_has_one_clear_page(explorer: RunningServer, path: str, status: int, words: str) -> None:
    answer = explorer.ask(path)
    assert answer.status == status and words in " ".join(answer.shown("main p"))
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/?target=chip-exports", f"/article/{HOSTILE_ARTICLE}", "/?topic=x&author=%3Cscript%3E"]
)
def test_texts_from_outside_cannot_become_markup(explorer: RunningServer, path: str) -> None:
    answer = explorer.ask(path)
    assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
    scripts = [script.get("src") for script in answer.page.cssselect("script")]
    assert scripts == ["/static/explorer.js"] and not answer.page.cssselect("img")
    assert not [
        a
        for a in answer.page.cssselect("*")
        if any(name.startswith("on") or name == "style" for name in a.attrib)
    ]
    assert not [a for a in answer.page.cssselect("a") if not re.match(r"(https?:|/(?!/)|#|$)", a.get("href"))]


def test_hostile_texts_are_shown_as_they_are_written(explorer: RunningServer) -> None:
    answer = explorer.ask(f"/article/{HOSTILE_ARTICLE}")
    assert answer.shown("h1") == [HOSTILE]
    assert answer.shown("aside p") == [HOSTILE] * 2
    assert "".join(answer.page.cssselect(".text")[0].itertext()).strip().startswith(HOSTILE)


def test_evidence_is_marked_at_its_place_in_the_stored_text(explorer: RunningServer) -> None:
    answer = explorer.ask(f"/article/{ARTICLE}")
    with connect(explorer.warehouse) as reader:
        stored = reader.query(f"FROM article_text WHERE article_id = '{ARTICLE}'").to_pylist()[0]["text"]
        evidence = reader.query(f"FROM evidence WHERE article_id = '{ARTICLE}' AND is_current").to_pylist()
    marks = answer.page.cssselect("mark")
    assert evidence and marks
    for mark in marks:
        start, words = int(mark.get("data-start")), mark.text_content()
        assert stored[start : start + len(words)] == words == nights.SENTENCE
    assert {(row["start"], row["end"]) for row in evidence} == {
        (int(mark.get("data-start")), int(mark.get("data-start")) + len(mark.text_content()))
        for mark in marks
    }


def test_an_articles_page_has_its_answers_topics_copies_and_model(explorer: RunningServer) -> None:
    answer = explorer.ask(f"/article/{ARTICLE}")
    assert answer.shown(".answer strong") == ["We need carbon-tax.", "We need chip-exports."]
    assert "against, certainty 0.75" in answer.shown(".answer")[0]
    assert "favor, certainty 0.70" in answer.shown(".answer")[1]
    (copy,) = answer.shown("section[aria-labelledby=h-copies] li")
    assert "Reprints" in copy and "reprints.example/a-copy" in copy and "97" in copy
    assert nights.MODEL in " ".join(answer.shown(".record dd"))
    link = answer.page.cssselect("p.meta a[target=_blank]")[0]
    assert link.get("rel") == "noopener noreferrer"


def test_the_author_of_an_article_is_a_link_to_the_articles_of_this_author(explorer: RunningServer) -> None:
    (link,) = explorer.ask(f"/article/{ARTICLE}").page.cssselect("p.meta a[href^='/?author']")
    answer = explorer.ask(link.get("href"))
    assert headline(answer).startswith("12 articles")
    assert answer.shown(".chosen bdi") == ["A. Writer"]
    assert headline(explorer.ask("/?author=%3DWriter")) == "No article matches the filter"


def test_with_a_target_chosen_only_its_evidence_is_marked(explorer: RunningServer) -> None:
    assert len(explorer.ask(f"/article/{ARTICLE}").page.cssselect(".ref")) == 2
    answer = explorer.ask(f"/article/{ARTICLE}?target=carbon-tax")
    assert [ref.get("href") for ref in answer.page.cssselect(".ref")] == ["#answer-carbon-tax"]


def test_revisions_are_listed_and_compared(explorer: RunningServer) -> None:
    answer = explorer.ask(f"/article/{REVISED_ARTICLE}")
    changed = [a.get("href") for a in answer.page.cssselect("section[aria-labelledby=h-revisions] li a")]
    assert changed == [
        f"/article/{REVISED_ARTICLE}/changes?before=1&after=2",
        f"/article/{REVISED_ARTICLE}?revision=1",
    ]
    earlier = explorer.ask(changed[1])
    assert "Nobody asked the workers." in earlier.shown(".text")[0]
    difference = explorer.ask(changed[0])
    assert difference.shown(".text del") == ["Nobody asked the workers."]
    assert difference.shown(".text ins") == ["Everybody was asked."]
    assert REVISED.startswith(difference.page.cssselect(".text p")[0].text)


def test_an_earlier_revision_shows_its_own_answers_topics_and_evidence(explorer: RunningServer) -> None:
    latest = explorer.ask(f"/article/{REVISED_ARTICLE}")
    earlier = explorer.ask(f"/article/{REVISED_ARTICLE}?revision=1")
    assert "those of the latest revision count" in earlier.shown("p.note")[-1]
    assert earlier.shown(".answer strong") == latest.shown(".answer strong") != []
    assert earlier.shown("mark") == [nights.SENTENCE]
    assert "rescore" not in earlier.text and "none yet" not in earlier.text
    for name in ("answers", "topics"):
        section = f"section[aria-labelledby=h-{name}]"
        assert earlier.shown(f"{section} tbody") == latest.shown(f"{section} tbody") != []
        with connect(explorer.warehouse) as reader:
            assert reader.query(earlier.sql(section)).num_rows > 0


def test_the_link_to_all_targets_keeps_the_revision_and_the_rest_of_the_filter(
    explorer: RunningServer,
) -> None:
    answer = explorer.ask(f"/article/{REVISED_ARTICLE}?revision=1&target={TARGET}&outlet=Harbor+Ledger")
    (link,) = answer.page.cssselect("p.key a")
    assert link.get("href") == f"/article/{REVISED_ARTICLE}?outlet=Harbor+Ledger&revision=1"


def test_words_typed_into_the_page_give_the_best_match_first(explorer: RunningServer) -> None:
    for page in ("/", "/?words=workers"):
        assert not explorer.ask(page).page.cssselect("select#sort option[selected]:not([value=''])")
    sent = explorer.ask("/").page.cssselect("select#sort option")[0].get("value")
    assert "ORDER BY score DESC" in explorer.ask(f"/?words=workers&sort={sent}").sql(
        "section[aria-labelledby=h-articles]"
    )


@pytest.mark.parametrize(
    ("query", "section", "href"),
    [
        ("author=writ", "h-authors", "/?author=%3DA.+Writer"),
        ("outlet=Harbor+Ledger&outlet=Plain+Speaker", "h-outlets", "/?outlet=Harbor+Ledger"),
    ],
)
def test_a_name_in_a_table_replaces_the_values_of_its_field(
    explorer: RunningServer, query: str, section: str, href: str
) -> None:
    links = explorer.ask(f"/?{query}").page.cssselect(f"section[aria-labelledby={section}] th a")
    assert href in [link.get("href") for link in links]


SECTIONS = {
    "h-stances": "stances",
    "h-time": "over_time",
    "h-outlets": "by_outlet",
    "h-topics": "by_topic",
    "h-authors": "by_author",
}


@pytest.mark.parametrize(
    "query", ["", f"?target={TARGET}", "?words=workers&stance=favor&author=writer&since=2026-01-01"]
)
def test_the_sql_that_is_shown_gives_the_same_numbers(
    explorer: RunningServer, command: Command, query: str
) -> None:
    answer = explorer.ask(f"/{query}")
    for section in SECTIONS:
        asked = command(
            "sql", answer.sql(f"section[aria-labelledby={section}]"), "-w", explorer.warehouse, "-f", "json"
        )
        assert asked.code == 0, asked.err
        rows = json_rows(asked.out)
        numbers = answer.shown(f"section[aria-labelledby={section}] tbody tr td.n:last-child")
        assert [int(number) for number in numbers] == [row["articles"] for row in rows][: len(numbers)] != []
    listed = command(
        "sql", answer.sql("section[aria-labelledby=h-articles]"), "-w", explorer.warehouse, "-f", "json"
    )
    assert [row["title"] for row in json_rows(listed.out)] == titles(answer)


def test_the_shown_rows_can_be_downloaded(explorer: RunningServer, tmp_path: Path) -> None:
    answer = explorer.ask(f"/?target={TARGET}")
    links = [a.get("href") for a in answer.page.cssselect("a[download]")]
    assert len(links) == 14
    for link in links:
        got = explorer.ask(link)
        name = link.removeprefix("/download/").partition("?")[0]
        assert got.headers["content-disposition"] == f'attachment; filename="{name}"'
        if name.endswith(".csv"):
            assert got.body.startswith(codecs.BOM_UTF8), "a spreadsheet program knows its encoding"
            rows = list(csv.DictReader(io.StringIO(got.body.decode("utf-8-sig"))))
        else:
            (tmp_path / name).write_bytes(got.body)
            rows = pq.read_table(tmp_path / name).to_pylist()
        assert rows, name
        if name.startswith("articles"):
            assert sorted(row["title"] for row in rows) == sorted(titles(answer))


def test_a_download_has_no_file_name_while_it_is_written(
    explorer: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a killed process would leave rows in a file that no takedown searches."""
    named, sizes = [], []

    def looking(*given: Any, **options: Any) -> int:
        rows = write(*given, **options)
        sizes.append(given[-1].tell())
        named.extend(place.name for place in tmp_path.iterdir())
        return rows

    state = SimpleNamespace(snapshots=Snapshots(explorer.warehouse))
    asked = {"path_params": {"name": "articles", "form": "csv"}, "query_string": b"", "headers": []}
    monkeypatch.setattr(app, "write", looking)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app._download(Request({"type": "http", "app": SimpleNamespace(state=state), **asked}))
    assert sizes[0] > 0 and named == []


@pytest.mark.parametrize("fault", ["the disk is full", "set TMPDIR to a folder with free space"])
def test_a_download_that_cannot_be_written_to_disk_says_what_to_do(
    explorer: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def on_a_full_disk(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if fault == "the disk is full":
        monkeypatch.setattr(app, "write", on_a_full_disk)
    else:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    tokens = Tokens()
    client = TestClient(
        app.application(Snapshots(explorer.warehouse), port=82, tokens=tokens), base_url="http://127.0.0.1:82"
    )
    answer = client.get("/download/articles.csv", headers={"Cookie": f"commentariat_82={tokens.lasting}"})
    assert answer.status_code == 503 and fault in answer.text


def test_a_new_snapshot_is_followed_without_a_restart(own: Path) -> None:
    with started(own) as explorer:
        before = explorer.ask("/snapshot").text
        assert headline(explorer.ask("/")).startswith("13 articles")
        with Warehouse(own).writing(run_id="night-3", flow="nightly") as writer:
            writer.commit("1", nights.batch(2, 0))
            writer.update_search()
            writer.publish()
        assert headline(explorer.ask("/")).startswith("17 articles")
        assert explorer.ask("/snapshot").text != before


def test_a_warehouse_without_articles_says_what_to_do(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "warehouse").writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.publish()
    with started(tmp_path / "warehouse") as explorer:
        answer = explorer.ask("/")
        assert headline(answer) == "Nothing is stored yet" and "commentariat run" in answer.text


def test_without_a_warehouse_it_does_not_start(command: Command, tmp_path: Path) -> None:
    ended = command("explore", "-w", tmp_path / "nowhere")
    assert ended.code == 4 and "there is no warehouse" in ended.err


def test_a_port_that_is_taken_is_reported(command: Command, explorer: RunningServer) -> None:
    ended = command("explore", "-w", explorer.warehouse, "--port", explorer.port)
    assert ended.code == 2 and f"port {explorer.port} cannot be used" in ended.err


def test_a_view_can_be_saved_as_a_query(explorer: RunningServer, command: Command) -> None:
    ours = {
        "Origin": f"http://127.0.0.1:{explorer.port}",
        "Content_Type": "application/x-www-form-urlencoded",
    }
    body = f"name=my_titles&view=articles&target={TARGET}&stance=favor"
    answer = explorer.ask("/save", method="POST", body=body, **ours)
    assert answer.status == 200
    assert answer.shown("pre") == [f"commentariat sql my_titles -w {explorer.warehouse}"]
    asked = command("sql", "my_titles", "-w", explorer.warehouse, "-f", "json")
    shown = titles(explorer.ask(f"/?target={TARGET}&stance=favor"))
    assert [row["title"] for row in json_rows(asked.out)] == shown
    assert "my_titles" in command("sql", "--list", "-w", explorer.warehouse).out
    assert command("sql", "my_titles", "--show", "-w", explorer.warehouse).out.startswith(
        "-- Which articles are these?"
    )
    exported = command("export", "out", "--query", "my_titles", "-w", explorer.warehouse)
    assert f"{len(shown)} rows" in exported.out
    again = explorer.ask("/save", method="POST", body=body, **ours)
    assert again.status == 400 and "is there already" in again.text


@pytest.mark.parametrize("name", ["stances", "", "../evil", "Upper", "a%3Bb", "x" * 62])
def test_an_invalid_name_for_a_query_is_refused(explorer: RunningServer, name: str) -> None:
    ours = {
        "Origin": f"http://127.0.0.1:{explorer.port}",
        "Content_Type": "application/x-www-form-urlencoded",
    }
    answer = explorer.ask("/save", method="POST", body=f"name={name}&view=articles", **ours)
    assert answer.status == 400 and not list(explorer.warehouse.parent.glob("*evil*"))


def test_nothing_is_saved_for_another_site(explorer: RunningServer) -> None:
    answer = explorer.ask(
        "/save", method="POST", body="name=theirs&view=articles", Origin="http://attacker.example"
    )
    assert answer.status == 403 and not (explorer.warehouse / "queries" / "theirs.sql").exists()


def test_with_answers_chosen_the_list_shows_evidence_as_it_is_stored(explorer: RunningServer) -> None:
    assert not explorer.ask("/").shown(".articles blockquote")
    quotes = explorer.ask(f"/?target={TARGET}&stance=favor").shown(".articles blockquote")
    assert quotes and set(quotes) == {nights.SENTENCE}
