"""The main page for a filter, made in this process: which page of the list it shows."""

from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import lxml.html
import pytest

from flows.explorer.filters import Filter
from flows.explorer.overview import overview
from flows.explorer.pages import page
from flows.explorer.snapshots import Snapshots
from tests.warehouse import nights
from warehouse import Warehouse

ARTICLES = 60
"""The list has fifty articles on its first page, and ten on its second one."""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("overview") / "warehouse"
    with Warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("declarations", nights.reference_rows())
        writer.commit("0", nights.batch(1, 0, articles=ARTICLES))
        writer.publish()
    return path


def shown(warehouse: Path, chosen: Filter) -> lxml.html.HtmlElement:
    with closing(Snapshots(warehouse)) as snapshots:
        content = snapshots.ask(lambda reader: overview(snapshots, reader, chosen))
    return lxml.html.fromstring(bytes(page("overview.html", **content).body))


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("number", [2, 3, 9, 100_000])
def test_behind_the_last_page_of_the_list_there_is_the_last_page(warehouse: Path, number: int) -> None:
    last = shown(warehouse, Filter(page=number))
    assert words(last.cssselect("#h-articles")[0]) == "Articles 51 to 60"
    assert len(last.cssselect(".articles h3")) == 10
    assert words(last.cssselect("nav.pages span")[0]) == "Page 2 of 2"
    assert not last.cssselect("[rel=next]")
    (earlier,) = last.cssselect("[rel=prev]")
    before = shown(warehouse, Filter.of_address(parse_qsl(urlsplit(earlier.get("href")).query)))
    assert words(before.cssselect("#h-articles")[0]) == "Articles 1 to 50"


def test_without_an_article_there_is_no_page_to_go_to(warehouse: Path) -> None:
    nothing = shown(warehouse, Filter(outlets=("Nowhere",), page=9))
    assert words(nothing.cssselect("h1")[0]) == "No article matches the filter"
    assert "page=" not in "".join(link.get("href") for link in nothing.cssselect("main a"))
