"""The links of an article's page lead to what they name, and keep the filter with which a person came."""

from pathlib import Path

import lxml.html

from flows.explorer.article_page import article_page, compared
from flows.explorer.filters import Filter
from flows.explorer.pages import page
from tests.warehouse import nights
from warehouse import Warehouse, connect

ARTICLE = nights.hash32(nights.url(1, 0, 0))
CHOSEN = Filter(targets=("carbon-tax",), outlets=("Harbor Ledger",))
IN_ADDRESS = "target=carbon-tax&outlet=Harbor+Ledger"


def stored(path: Path) -> Path:
    """An article with two topics, and a later revision of it."""
    for revision in (1, 2):
        with Warehouse(path).writing(run_id=f"night-{revision}", flow="nightly") as writer:
            if revision == 1:
                writer.commit("reference rows", nights.reference_rows())
            rows = nights.batch(1, 0, articles=1, revision=revision, text=f"{revision}. {nights.TEXT}")
            (main,) = rows["topic"].to_pylist()
            second = main | {"topic": "2", "label": "Second topic", "rank": 2, "score": 0.1}
            scored = [
                row | {"n_rows": 2} if row["task"] == "topic" else row for row in rows["scored"].to_pylist()
            ]
            changed = {"topic": nights.table([main, second]), "scored": nights.table(scored)}
            writer.commit("1", rows | changed)
            writer.publish()
    return path


def article(root: Path, revision: int | None = None) -> lxml.html.HtmlElement:
    with connect(root) as reader:
        shown = page("article.html", **article_page(reader, ARTICLE, revision, CHOSEN))
    return lxml.html.fromstring(bytes(shown.body).decode())


def test_only_the_main_topic_of_the_latest_text_leads_to_a_list_which_has_the_article(tmp_path: Path) -> None:
    root = stored(tmp_path / "w")
    section = "section[aria-labelledby=h-topics] tbody th"
    for revision, links in ((None, ["/?topic=Topic%201"]), (1, [])):
        shown = article(root, revision)
        assert [row.text_content() for row in shown.cssselect(section)] == ["Topic 1", "Second topic"]
        assert [link.get("href") for link in shown.cssselect(f"{section} a")] == links


def test_what_changed_and_the_way_back_keep_the_filter(tmp_path: Path) -> None:
    root = stored(tmp_path / "w")
    links = article(root).cssselect("section[aria-labelledby=h-revisions] a")
    assert [link.get("href") for link in links] == [
        f"/article/{ARTICLE}/changes?{IN_ADDRESS}&before=1&after=2",
        f"/article/{ARTICLE}?{IN_ADDRESS}&revision=1",
    ]
    with connect(root) as reader:
        shown = page("changes.html", chosen=CHOSEN, **compared(reader, ARTICLE, 1, 2))
    (back,) = lxml.html.fromstring(bytes(shown.body).decode()).cssselect("header a:not(.home)")
    assert back.get("href") == f"/article/{ARTICLE}?{IN_ADDRESS}"
