"""The main page for a filter, made in this process: which page of the list it shows, and of which targets it speaks."""

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
        writer.commit("reference rows", nights.reference_rows())
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


@pytest.mark.parametrize(
    ("targets", "who"),
    [
        ((), "No target has enough answers of people"),
        (nights.TARGETS[:1], "This target does not have enough answers of people"),
        (nights.TARGETS, "None of these targets has enough answers of people"),
    ],
)
def test_the_page_says_of_the_chosen_targets_alone_that_people_have_answered_too_little(
    warehouse: Path, targets: tuple[str, ...], who: str
) -> None:
    section = words(shown(warehouse, Filter(targets=targets)).cssselect("[aria-labelledby=h-stances]")[0])
    assert who in section
    assert section.count("enough answers of people") == 1
