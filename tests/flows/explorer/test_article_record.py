"""The record of an article beside its text says what is stored about it."""

from datetime import datetime, timedelta
from pathlib import Path

import lxml.html
import pytest

from flows.explorer.article_page import article_page
from flows.explorer.filters import Filter
from flows.explorer.pages import page
from tests.warehouse import nights
from warehouse import Warehouse, connect

ARTICLE = nights.hash32(nights.url(1, 0, 1))
PUBLISHED = nights.START + timedelta(days=1)


@pytest.mark.parametrize(
    ("modified_at", "shown"),
    [(PUBLISHED + timedelta(days=2), ["4 January 2026, as stated"]), (PUBLISHED, []), (None, [])],
)
def test_the_time_of_a_change_is_shown_if_it_is_not_that_of_the_publication(
    tmp_path: Path, modified_at: datetime | None, shown: list[str]
) -> None:
    rows = nights.batch(1, 0, articles=2)
    articles = [row | {"modified_at": modified_at} for row in rows["article"].to_pylist()]
    with Warehouse(tmp_path / "w").writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("1", rows | {"article": nights.table(articles)})
        writer.publish()
    with connect(tmp_path / "w") as reader:
        answer = page("article.html", **article_page(reader, ARTICLE, None, Filter()))
    record = lxml.html.fromstring(bytes(answer.body).decode()).cssselect("dl.record dt")
    assert [name.getnext().text_content() for name in record if name.text == "Changed"] == shown
