"""The content of the report, and that texts from outside can do nothing in it."""

from __future__ import annotations

import base64
import errno
import hashlib
import html as entities
import io
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest

from commentariat import InputError, WarehouseError
from flows.report import write
from flows.report.contents import read_contents
from flows.report.words import SIDES
from flows.report.write import write_report
from tests.flows.conftest import Command
from tests.warehouse import nights
from tests.warehouse.copies import new_warehouse
from tests.warehouse.queries.test_panel import DAYS, SILENT, pieces, stored
from warehouse import Warehouse, connect
from warehouse.publishing.generations import REPORT
from warehouse.querying.plain_values import query_rows
from warehouse.querying.scope import Scope
from warehouse.sql_files import QUERIES, load_sql
from warehouse.upkeep.takedown import take_down

SCRIPT = "<script>alert(1)</script>"
HOSTILE = (
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "</title></style></svg><script src=//evil.example/x.js></script>",
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% for x in y %}",
    "\u202egnp.exe\u2066\x00\x1b[31m",
    "&lt;b&gt; ]]> --> <!--",
)
LINKS = (
    "javascript:alert(1)",
    'http://evil.example/"onmouseover="alert(1)',
    "https://evil.example/<script>",
    "data:text/html,<script>alert(1)</script>",
    "http://good.example/a?b=1&c=2",
)
WHOLE = Scope()
GONE = "https://gone.example/"
SECTIONS = [
    "new",
    "stances",
    "over-time",
    "outlets",
    "topics",
    "evidence",
    "changed",
    "copies",
    "trust",
    "left-out",
    "sources",
]


class Reading(HTMLParser):
    """All elements and attributes of a page, with its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def hostile_night() -> Iterator[dict[str, list[dict[str, object]]]]:
    """Six weeks of pieces in which every text from outside is hostile."""
    for n, outlet in enumerate(HOSTILE):
        rows = pieces(f"outlet{n}", "favor" if n % 2 else "against", range(DAYS), each_day=1)
        for m, article in enumerate(rows["article"]):
            article |= {
                "outlet": outlet,
                "title": HOSTILE[m % len(HOSTILE)],
                "authors": [HOSTILE[(m + 1) % len(HOSTILE)]],
            }
            article["url"] = f"{LINKS[m % len(LINKS)]}#{n}-{m}"
        for text in rows["article_text"]:
            text["text"] = f"{HOSTILE[n]} Here it stops."
        rows["evidence"] = [
            {
                **{
                    k: stance[k]
                    for k in ("article_id", "revision", "model_version", "target", "statement_hash", "stance")
                }
            }
            | {"start": 0, "end": len(HOSTILE[n]), "score": 0.9, "quoted": False}
            for stance in rows["stance"]
        ]
        rows["outcome"] = [
            {
                "url": f"https://gone{n}.example/",
                "source": outlet,
                "outcome": "fetch_failed",
                "reason": f"{outlet} answered 500.",
                "stage": "fetch",
                "decided_at": nights.START,
            }
        ]
        yield rows


@pytest.fixture(scope="module")
def hostile_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "warehouse"
    reference = nights.reference_rows()
    statements = reference["target"].to_pylist()
    statements[0]["statement"] = SCRIPT
    reference["target"] = nights.table(statements)
    with Warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", reference)
        for n, rows in enumerate(hostile_night()):
            writer.commit(f"{n:04d}", {name: nights.table(of) for name, of in rows.items()})
        writer.finish("done")
        writer.publish()
    return write_report(path).path


@pytest.fixture(scope="module")
def hostile(hostile_report: Path) -> Reading:
    return Reading(hostile_report.read_text("utf-8"))


@pytest.fixture
def own(published: Path, tmp_path: Path) -> Path:
    path = tmp_path / "warehouse"
    shutil.copytree(published, path, symlinks=True)
    return path


def test_a_report_replaces_neither_a_pipe_nor_a_link(command: Command, own: Path, tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    ended = command("report", "-w", own, "-o", "pipe")
    assert ended.code == 2 and (tmp_path / "pipe").is_fifo()
    (tmp_path / "served.html").write_text("old")
    (tmp_path / "latest.html").symlink_to("served.html")
    assert command("report", "-w", own, "-o", "latest.html").code == 0
    assert (tmp_path / "latest.html").is_symlink() and "<h1>" in (tmp_path / "served.html").read_text()
    ended = command("report", "-w", own, "-o", "missing/x.html")
    assert ended.code == 2 and "missing/x.html: cannot be written" in ended.err


def test_a_report_says_that_the_last_night_has_not_recorded_its_end(own: Path):
    with Warehouse(own).writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0, articles=1))
        writer.publish()
        assert "It has not recorded its end" in (unfinished := html_of(own))
        assert "It brought 1 article" in unfinished
        writer.finish()
        writer.publish()
    assert "It has not recorded its end" not in html_of(own)


def html_of(root: Path, scope: Scope = WHOLE) -> str:
    return write_report(root, root.parent / "r.html", scope).path.read_text("utf-8")


@pytest.fixture(scope="module")
def whole(published: Path) -> str:
    """The report on the whole warehouse."""
    return html_of(published)


# --- its content


def test_the_sections_are_in_their_order(whole: str):
    page = Reading(whole)
    assert [section["id"] for section in page.of("section")] == SECTIONS
    assert [link["href"] for link in page.of("a") if str(link["href"]).startswith("#")] == [
        f"#{id}" for id in SECTIONS
    ]


def test_every_chart_says_in_words_what_it_shows_and_has_its_table_and_sql(hostile: Reading):
    charts = hostile.of("svg")
    assert len(charts) >= 3
    assert all(chart["role"] == "img" and len(chart["aria-label"] or "") > 30 for chart in charts)
    assert len(hostile.of("pre")) == len(hostile.of("details")) >= len(SECTIONS)
    assert len(hostile.of("table")) > len(SECTIONS)


def test_the_sql_of_a_report_gives_its_numbers(own: Path):
    scope = Scope(outlets=("Harbor Ledger",))
    html = html_of(own, scope)
    shown = [re.sub(r"<[^>]+>", "", sql) for sql in re.findall(r"<pre[^>]*>(.*?)</pre>", html, re.DOTALL)]
    unescaped = [entities.unescape(sql) for sql in shown]
    with connect(own) as reader:
        answers = [reader.query(sql) for sql in unescaped]
        stances = next(
            a
            for a, sql in zip(answers, unescaped, strict=True)
            if "What are the stances of the articles on each target" in sql
        )
        whole = reader.saved("stances")
    assert 0 < sum(stances["articles"].to_pylist()) < sum(whole["articles"].to_pylist())
    for row in stances.to_pylist():
        assert f"n&nbsp;=&nbsp;{row['articles']}" in html


@pytest.mark.parametrize(
    ("outlet", "target", "pieces"),
    [("Harbor Ledger", "chip-exports", 6), ("Northern Review", "carbon-tax", 3)],
)
def test_fewer_than_five_pieces_have_no_percentage(own: Path, outlet: str, target: str, pieces: int):
    scope = Scope(outlets=(outlet,), targets=(target,))
    section = html_of(own, scope).split('id="stances"')[1].split("<details")[0]
    assert f"n&nbsp;=&nbsp;{pieces}" in section
    assert ("%" in section.split("<figure")[1]) == (pieces >= 5)


def test_each_side_has_its_share_and_so_have_pieces_without_a_side(published: Path, whole: str):
    section = whole.split('id="stances"')[1].split("<details", maxsplit=1)[0]
    with connect(published) as reader:
        rows = reader.saved("stances").to_pylist()
    for row in rows:
        for side, words in SIDES.items():
            assert f"{words} {row[side]} ({round(100 * row[f'share_{side}'])}%, " in section


def test_unsure_answers_are_counted_among_answers_and_not_among_articles(published: Path, whole: str):
    """An article that speaks about both targets has two answers."""
    section = whole.split('id="trust"')[1].split("<details", maxsplit=1)[0]
    with connect(published) as reader:
        (counted,) = reader.query(
            "SELECT count(*) FILTER (stance = 'unsure') AS unsure, count(*) AS answers, "
            "count(DISTINCT article_id) AS articles FROM current_stance"
        ).to_pylist()
    assert counted["answers"] > counted["articles"]
    of_all = f"{counted['unsure']} of {counted['answers']} "
    assert (
        f"of all answers about a target (an article has one for each target that it speaks about): {of_all}"
        in section
    )


def test_a_target_is_named_by_its_id_or_its_statement(own: Path):
    by_id = html_of(own, Scope(targets=("carbon-tax",)))
    assert html_of(own, Scope(targets=("We need carbon-tax.",))) == by_id
    assert "We need chip-exports." not in by_id.split('id="stances"')[1].split("<details")[0]


def test_a_mistyped_target_or_outlet_is_reported_with_the_nearest(own: Path):
    with pytest.raises(InputError, match="there is no target 'carbon-taxes'; did you mean 'carbon-tax'"):
        write_report(own, own.parent / "r.html", Scope(targets=("carbon-taxes",)))
    with pytest.raises(InputError, match="there is no outlet 'Nowhere'; known are"):
        write_report(own, own.parent / "r.html", Scope(outlets=("Nowhere",)))
    assert not list(own.parent.glob("*.html"))


def test_the_halves_in_which_outlets_moved_are_those_of_the_part_that_a_report_is_about(own: Path):
    halves = "between the earlier and the later half of all articles on the target"
    assert f"{halves} in this part." in html_of(own, Scope(outlets=("Harbor Ledger",)))
    assert f"{halves}." in html_of(own, Scope(targets=("carbon-tax",)))
    assert f"{halves}." in html_of(own)


def test_a_report_on_a_part_says_what_of_the_last_night_is_of_the_part(own: Path):
    part = html_of(own, Scope(outlets=("Harbor Ledger",)))
    assert "The outcomes of the last night, the items left out and the sources are those of the whole" in part
    assert "It brought 6 articles of this part from 1 outlet." in part
    assert "Targets narrow the stances" not in part
    of_target = html_of(own, Scope(targets=("carbon-tax",)))
    assert "Targets narrow the stances, not the articles, topics and copies." in of_target
    assert "It brought 12 articles from 3 outlets." in of_target and "of this part" not in of_target
    assert "of this part" not in html_of(own)


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (
            Scope(since=datetime(2026, 1, 2, 6, 0, 30, tzinfo=UTC)),
            "published on 2 January 2026, 06:00:30 UTC or later.",
        ),
        (Scope(until=datetime(2026, 1, 3, 18, tzinfo=UTC)), "published before 3 January 2026, 18:00 UTC."),
        (Scope(until=datetime(2026, 1, 3, tzinfo=UTC)), "published before 3 January 2026."),
        (
            Scope(until=datetime(2026, 1, 3, 2, tzinfo=timezone(timedelta(hours=2)))),
            "published before 3 January 2026.",
        ),
    ],
)
def test_a_report_on_a_part_says_the_time_of_day_unless_it_is_midnight(own: Path, scope: Scope, words: str):
    assert f"This report is about a part of the warehouse: {words}" in html_of(own, scope)


def test_of_the_new_articles_only_those_that_are_listed_are_held_and_all_are_counted(tmp_path: Path):
    """A first night may bring a hundred thousand."""
    with new_warehouse(tmp_path / "w").writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("0", nights.batch(1, 0, articles=60))
        writer.publish()
    with connect(tmp_path / "w") as reader:
        held = read_contents(reader, WHOLE).rows("new_articles")
        assert held == query_rows(reader, load_sql("new_articles", QUERIES))[:50]
    html = html_of(tmp_path / "w")
    assert "It brought 60 articles from 3 outlets." in html
    assert "The first 50 of 60 rows; the SQL gives all." in html


def test_texts_without_an_outlet_are_not_from_no_outlets(tmp_path: Path):
    rows = nights.batch(1, 0)
    articles = [row | {"outlet": None} for row in rows["article"].to_pylist()]
    with new_warehouse(tmp_path / "w").writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("1", rows | {"article": nights.table(articles)})
        writer.publish()
    html = html_of(tmp_path / "w")
    assert "It brought 4 articles." in html and "<p>4 articles, published" in html
    assert "0 outlets" not in html


def test_targets_that_no_stored_article_speaks_about_count_among_those_that_the_night_is_silent_on(own: Path):
    with Warehouse(own).writing(run_id="night-2", flow="nightly") as writer:
        silent = {"target": "trams", "statement": "Trams.", "statement_hash": nights.hash32("trams")}
        retired = {"target": "moon", "statement": "The moon.", "statement_hash": nights.hash32("moon")}
        rows = [
            row | {"aliases": [], "active": active, "asked_from": nights.START}
            for row, active in ((silent, True), (retired, False))
        ]
        writer.commit("reference rows", {"target": nights.table(rows)})
        writer.commit("0", nights.batch(2, 0))
        writer.publish()
    assert "No new article speaks about 1 of 3 targets." in html_of(own)
    assert "No new article speaks about" not in html_of(own, Scope(targets=("carbon-tax",)))


def test_articles_whose_text_has_changed_are_counted_apart_from_the_new_ones(own: Path):
    with Warehouse(own).writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(1, 0, revision=2, articles=2, text=f"Corrected. {nights.TEXT}"))
        writer.publish()
    html = html_of(own)
    assert "It brought no new article." in html
    assert "The text of 2 articles that were stored before has changed." in html
    part = html_of(own, Scope(outlets=("Harbor Ledger",)))
    assert "The text of 1 article of this part that was stored before has changed." in part
    assert "The text of" not in html_of(own, Scope(outlets=("Northern Review",)))


def test_a_stored_article_that_could_not_be_fetched_again_is_not_called_missing(own: Path):
    with Warehouse(own).writing(run_id="night-2", flow="nightly") as writer:
        failed = {"source": "feeds", "outcome": "fetch_failed", "reason": "Down.", "stage": "fetch"}
        rows = [failed | {"url": url, "decided_at": nights.START} for url in (GONE, nights.url(1, 0, 0))]
        writer.commit("1", {"outcome": nights.table(rows)})
        writer.publish()
    with connect(own) as reader:
        (row,) = reader.saved("left_out").to_pylist()
    assert (row["addresses"], row["stored"]) == (2, 1)
    section = html_of(own).split('id="left-out"')[1].split("<details")[0]
    assert "If an earlier text of it is stored, this text counts in the figures above." in section
    assert '<th scope="row">fetch_failed</th><td>2</td><td>1</td>' in section
    with Warehouse(own).writing(flow="takedown") as writer:
        take_down(writer, reason="Asked for.", urls=[nights.url(1, 0, 0)])
    with connect(own) as reader:
        assert [row["stored"] for row in reader.saved("left_out").to_pylist()] == [0]


def test_a_week_with_articles_and_a_long_break_is_not_said_to_be_without_articles(tmp_path: Path):
    heard = [day for day in range(DAYS) if day not in SILENT]
    path = tmp_path / "warehouse"
    stored(path, pieces("Steady", "favor", range(DAYS)), pieces("Broken", "against", heard))
    section = html_of(path).split('id="over-time"')[1].split("<details")[0]
    silent = "Outlets that published nothing, or had a break much longer than their usual ones: "
    assert f"{silent}Broken (15 Jun 26), Broken (22 Jun 26)." in section
    assert "in 2 of 6 weeks an outlet had no article or an unusually long break" in section


def test_an_empty_warehouse_has_a_report_that_says_so(tmp_path: Path):
    with new_warehouse(tmp_path / "w").writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.finish("nothing")
        writer.publish()
    html = write_report(tmp_path / "w").path.read_text("utf-8")
    assert "No article speaks about a target" in html


# --- texts from outside can do nothing


def test_no_text_from_outside_becomes_markup_or_script(hostile: Reading):
    names = {name for name, _ in hostile.tags}
    assert not names & {
        "script",
        "img",
        "iframe",
        "object",
        "embed",
        "link",
        "base",
        "form",
        "input",
        "foreignobject",
    }
    attributes = {name for _, attributes in hostile.tags for name in attributes}
    assert not {
        name for name in attributes if name.startswith("on") or name in ("style", "src", "srcdoc", "action")
    }
    words = "".join(hostile.words)
    assert (
        words.count(SCRIPT) > 20 and "{{ 7 * 7 }}" in words and "49" not in words.split("{{ 7 * 7 }}")[0][-3:]
    )


def test_texts_cannot_reverse_the_direction_of_a_line_or_hide_control_characters(hostile: Reading):
    assert not set("".join(hostile.words)) & set("\u202e\u2066\x00\x1b")


def test_links_lead_only_to_the_web_and_send_no_referrer(hostile: Reading):
    links = [link for link in hostile.of("a") if not str(link["href"]).startswith("#")]
    assert links
    for link in links:
        assert re.match(r"https?://[^\"'<>\s]+$", str(link["href"])), link
        assert link["rel"] == "noopener noreferrer"


def test_the_page_forbids_everything_but_its_own_style(whole: str):
    page = Reading(whole)
    (policy,) = [m["content"] for m in page.of("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    (style,) = re.findall(r"<style>(.*?)</style>", whole, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert whole.index("Content-Security-Policy") < whole.index("<style")
    assert "url(" not in style and "@import" not in style


# --- while it is written


def test_a_takedown_leaves_no_report_that_shows_the_piece(own: Path):
    write_report(own)
    url = nights.url(1, 0, 0)
    assert url in (own / REPORT).read_text("utf-8")
    of_a_killed_run = own / f".{REPORT}.12345"
    of_a_killed_run.write_text(url)
    with Warehouse(own).writing(flow="takedown") as writer:
        take_down(writer, reason="Asked for.", urls=[url])
    assert not (own / REPORT).exists() and not of_a_killed_run.exists()
    write_report(own)
    assert url not in (own / REPORT).read_text("utf-8")


def test_a_report_is_made_again_if_a_takedown_happens_meanwhile(own: Path, monkeypatch: pytest.MonkeyPatch):
    """The takedown happens after the contents were read and before the file has its name."""
    url, made = nights.url(1, 0, 0), []

    def as_html(contents: object) -> str:
        if not made:
            with Warehouse(own).writing(flow="takedown") as writer:
                take_down(writer, reason="Asked for.", urls=[url])
        made.append(contents)
        return whole(contents)

    whole = write.as_html
    monkeypatch.setattr(write, "as_html", as_html)
    assert url not in write_report(own).path.read_text("utf-8")
    assert len(made) == 2


def test_a_report_is_made_again_if_a_takedown_happens_at_the_last_instant(
    own: Path, monkeypatch: pytest.MonkeyPatch
):
    """The takedown happens between the last check of the log and the renaming of the file."""
    url, looks = nights.url(1, 0, 0), []

    def last_takedown_of(root: Path) -> int:
        seen = look(root)
        if not looks:
            with Warehouse(own).writing(flow="takedown") as writer:
                take_down(writer, reason="Asked for.", urls=[url])
        looks.append(seen)
        return seen

    look = write.last_takedown_of
    monkeypatch.setattr(write, "last_takedown_of", last_takedown_of)
    assert url not in write_report(own).path.read_text("utf-8")
    assert looks[0] < looks[1]


def test_a_report_that_would_show_what_an_unpublished_takedown_removed_is_refused_before_it_is_made(
    own: Path, monkeypatch: pytest.MonkeyPatch
):
    def disk_is_full(reached: str) -> None:
        if reached == "base sealed":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(own / "db"))

    url, made = nights.url(1, 0, 0), []
    with (
        Warehouse(own, on_step=disk_is_full).writing(flow="takedown") as writer,
        pytest.raises(WarehouseError, match="disk is full"),
    ):
        take_down(writer, reason="Asked for.", urls=[url])
    with monkeypatch.context() as patched:
        patched.setattr(write, "as_html", made.append)
        with pytest.raises(WarehouseError, match="run `commentariat publish` first"):
            write_report(own)
    assert not made and not (own / REPORT).exists()
    with Warehouse(own).writing(flow="publish", create=False) as writer:
        writer.publish()
    assert url not in write_report(own).path.read_text("utf-8")


def test_the_command_writes_a_report_names_its_path_and_can_write_only_a_part(
    command: Command, own: Path, tmp_path: Path
):
    ended = command("report", "-w", own)
    assert ended.code == 0 and str(own / REPORT) in ended.out
    part = command("report", "-w", own, "--since", "2026-01-01", "--outlet", "Harbor Ledger")
    assert part.code == 0 and part.out.startswith("commentariat-report.html")
    named = command("report", "-w", own, "--target", "carbon-tax", "-o", tmp_path / "x.html")
    assert named.code == 0 and (tmp_path / "x.html").is_file()
    assert command("report", "-w", own, "--since", "2026-02-01", "--until", "2026-01-01").code == 2
    assert command("report", "-w", own, "--target", "nothing").code == 2
    unknown = command("report", "-w", own, "--outlet", "(unknown)")
    assert unknown.code == 2 and "there is no outlet '(unknown)'" in unknown.err, (
        "every article here has an outlet"
    )
    assert command("report", "-w", tmp_path / "nowhere").code == 4


def test_a_report_can_be_about_the_articles_whose_outlet_is_not_known(command: Command, tmp_path: Path):
    rows = nights.batch(1, 0, articles=6)
    articles = rows["article"].to_pylist()
    for article in articles[:2]:
        article["outlet"] = None
    with Warehouse(tmp_path / "own").writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("1", nights.reference_rows() | rows | {"article": nights.table(articles)})
        writer.publish()
    assert command("report", "-w", tmp_path / "own", "--outlet", "(unknown)", "-o", "x.html").code == 0
    assert "<p>2 articles" in (tmp_path / "x.html").read_text()


def test_a_folder_is_no_place_for_a_report_and_the_message_names_a_file(
    command: Command, own: Path, tmp_path: Path
):
    for folder in (".", "..", "/", str(tmp_path)):
        ended = command("report", "-w", own, "-o", folder)
        assert ended.code == 2 and "Traceback" not in ended.err
        assert f"{folder}: is a folder; name a file, such as {Path(folder, REPORT)}" in ended.err


def test_the_command_takedown_lists_the_rows_to_remove_and_writes_the_report_again(
    command: Command, own: Path, monkeypatch: pytest.MonkeyPatch
):
    command("report", "-w", own)
    url = nights.url(1, 0, 0)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    ended = command("takedown", "--input", url, "--reason", "asked", "-w", own)
    assert ended.code == 0, ended.err
    assert "1 addresses would go" in ended.err and f"{url}  Harbor Ledger - Piece 1/0/0" in ended.err
    assert url not in (own / REPORT).read_text("utf-8")
