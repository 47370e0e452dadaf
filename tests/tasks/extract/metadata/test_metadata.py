"""Title, authors, dates, addresses and kind are read from the metadata and the visible text of pages."""

import json
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.article import Article
from tasks.extract.extract import explain_page
from tasks.extract.judgment.language import language_of
from tasks.extract.kind import kind_of, strip_kind_label
from tasks.extract.metadata.headline import title_without_site
from tasks.item import Item
from tasks.text.dates import parse_time
from tests.tasks.pages import html_of, page_of, prose
from tests.tasks.text.nearly_times import nearly_times

URL = "https://gull.example/2026/harbour"
DATED = "https://gull.example/2026/11/12/ferry-now"


def article(
    head: str = "", *, url: str = URL, before: str = "", title: str = "The harbour is not for sale", **item
):
    found = explain_page(
        page_of(html_of(prose(), head=head, before=before, title=title), url=url, **item)
    ).article
    assert found is not None
    return found


def ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-03T08:15:00+01:00", datetime(2026, 11, 3, 7, 15, tzinfo=UTC)),
        ("2026-11-03T08:15:00.1234567Z", datetime(2026, 11, 3, 8, 15, 0, 123456, tzinfo=UTC)),
        ("2026-11-03 08:15 -0500", datetime(2026, 11, 3, 13, 15, tzinfo=UTC)),
        ("2026-11-03", datetime(2026, 11, 3, tzinfo=UTC)),
        ("Tue, 03 Nov 2026 08:15:00 +0200", datetime(2026, 11, 3, 6, 15, tzinfo=UTC)),
        ("Nov. 3, 2026 5:03 p.m. EST", datetime(2026, 11, 3, 22, 3, tzinfo=UTC)),
        ("Tuesday 3rd November 2026", datetime(2026, 11, 3, tzinfo=UTC)),
        ("November 3, 2026 10:30 pm PT", datetime(2026, 11, 4, 6, 30, tzinfo=UTC)),
        ("Nov. 3, 2026, 5:03 p.m. ET", datetime(2026, 11, 3, 22, 3, tzinfo=UTC)),
        ("Nov 3, 2026 12:15 a.m. (ET)", datetime(2026, 11, 3, 5, 15, tzinfo=UTC)),
        ("July 3, 2026 at 5 P.M. E.T.", datetime(2026, 7, 3, 21, tzinfo=UTC)),
        ("July 3, 2026 5:03 PM Pacific Daylight Time", datetime(2026, 7, 4, 0, 3, tzinfo=UTC)),
        ("November 3, 2026 5:03:10 pm", datetime(2026, 11, 3, 17, 3, 10, tzinfo=UTC)),
        ("3 November 2026 5.03pm", datetime(2026, 11, 3, 17, 3, tzinfo=UTC)),
        ("November 3, 2026 17:03 PM", datetime(2026, 11, 3, 17, 3, tzinfo=UTC)),
        ("Nov 3, 2026 5:03 p.m. IST", datetime(2026, 11, 3, 17, 3, tzinfo=UTC)),
        ("Tue, 03 Nov 2026 08:15:00 IST", datetime(2026, 11, 3, 8, 15, tzinfo=UTC)),
        ("Nov 3, 2026 5:03 PM in the harbour", None),
        ("2026-11-03 14:30 EST", datetime(2026, 11, 3, 19, 30, tzinfo=UTC)),
        ("2026-11-03T14:30:00EST", datetime(2026, 11, 3, 19, 30, tzinfo=UTC)),
        ("2026-11-03T14:30:00 EST", datetime(2026, 11, 3, 19, 30, tzinfo=UTC)),
        ("2026-11-03T2:30 pm ET", datetime(2026, 11, 3, 19, 30, tzinfo=UTC)),
        ("2026-11-03T14:30:00.000-05:00[America/New_York]", datetime(2026, 11, 3, 19, 30, tzinfo=UTC)),
        ("2026-11-03T19:30Z[UTC]", datetime(2026, 11, 3, 19, 30, tzinfo=UTC)),
        ("2026-11-03 9:00 AM", datetime(2026, 11, 3, 9, tzinfo=UTC)),
        ("2026-11-3", datetime(2026, 11, 3, tzinfo=UTC)),
        ("2026-1-5, 7:05 pm", datetime(2026, 1, 5, 19, 5, tzinfo=UTC)),
        ("2026-11-31", None),
        ("3 Nov 2026 14:30 +01", datetime(2026, 11, 3, 13, 30, tzinfo=UTC)),
        ("2026-11-03 14:30 -05", datetime(2026, 11, 3, 19, 30, tzinfo=UTC)),
        (
            "Tue Nov 03 2026 22:30:00 GMT-0500 (Eastern Standard Time)",
            datetime(2026, 11, 4, 3, 30, tzinfo=UTC),
        ),
        (
            "Tue Nov 03 2026 22:30:00 GMT+0100 (Central European Standard Time)",
            datetime(2026, 11, 3, 21, 30, tzinfo=UTC),
        ),
        ("Tue Nov 03 2026 22:30:00 GMT-0500", datetime(2026, 11, 4, 3, 30, tzinfo=UTC)),
        ("Tue, 03 Nov 2026 08:15:00 +02:00", datetime(2026, 11, 3, 6, 15, tzinfo=UTC)),
        ("Tue, 03 Nov 2026 08:15:00 GMT+2", datetime(2026, 11, 3, 6, 15, tzinfo=UTC)),
        ("2026-11-03 22:30:00 +0000 UTC", datetime(2026, 11, 3, 22, 30, tzinfo=UTC)),
        ("2026-11-03 22:30:00 -0500 EST", datetime(2026, 11, 4, 3, 30, tzinfo=UTC)),
        ("2026-11-03 22:30 GMT+01:00", datetime(2026, 11, 3, 21, 30, tzinfo=UTC)),
        ("Nov 3, 2026 5:03 p.m. UTC+5:30", datetime(2026, 11, 3, 11, 33, tzinfo=UTC)),
        ("November 3 2026", datetime(2026, 11, 3, tzinfo=UTC)),
        ("Nov 3rd 2026", datetime(2026, 11, 3, tzinfo=UTC)),
        ("Nov 3 2026 5:00 PM", datetime(2026, 11, 3, 17, tzinfo=UTC)),
        ("3 Nov. 2026", datetime(2026, 11, 3, tzinfo=UTC)),
        ("3 Sept. 2026", datetime(2026, 9, 3, tzinfo=UTC)),
        ("3rd November, 2026", datetime(2026, 11, 3, tzinfo=UTC)),
        ("3-Nov-2026", datetime(2026, 11, 3, tzinfo=UTC)),
        ("03-NOV-2026 14:30", datetime(2026, 11, 3, 14, 30, tzinfo=UTC)),
        ("14:30, 03-Nov-2026", datetime(2026, 11, 3, 14, 30, tzinfo=UTC)),
        ("2:30pm, 3 Nov 2026", datetime(2026, 11, 3, 14, 30, tzinfo=UTC)),
        ("5:03 p.m. EST on Tuesday, Nov. 3, 2026", datetime(2026, 11, 3, 22, 3, tzinfo=UTC)),
        ("November 3, 2026 - 2:30 pm", datetime(2026, 11, 3, 14, 30, tzinfo=UTC)),
        ("3 Nov 2026 | 15:30 CET", datetime(2026, 11, 3, 14, 30, tzinfo=UTC)),
        ("14:30", None),
        ("2:30 pm 2026", None),
        ("2026-11", None),
        ("1793686500", datetime(2026, 11, 3, 6, 15, tzinfo=UTC)),
        ("yesterday", None),
        ("2026-13-45", None),
        ("", None),
    ],
)
def test_times_are_read_in_utc(written, meant):
    assert parse_time(written) == meant


@pytest.mark.parametrize(
    "written",
    ["2026", "2026-11", "2026/11", "202611", "2026-W45", "2026-307", "November 2026", "Nov. 2026", "10 November",
     "Tuesday", "08:00", "Tue, 10 Nov 08:00:00 +0100", "Spring 2026", "Q4 2026", "11/2026", "T08:15:00Z",
     "3-11-2026", "2026, 11, 3"],
)  # fmt: skip
def test_no_day_is_invented_where_none_is_stated(written):
    assert parse_time(written) is None


@pytest.mark.parametrize(
    ("local", "hour"),
    [
        ("March 8, 2026 1:59 a.m. ET", datetime(2026, 3, 8, 6, 59, tzinfo=UTC)),
        ("March 8, 2026 3:00 a.m. ET", datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        ("November 1, 2026 1:59 a.m. ET", datetime(2026, 11, 1, 5, 59, tzinfo=UTC)),
        ("November 1, 2026 2:00 a.m. ET", datetime(2026, 11, 1, 7, 0, tzinfo=UTC)),
        ("April 1, 2006 12:00 p.m. CT", datetime(2006, 4, 1, 18, 0, tzinfo=UTC)),
        ("October 28, 2006 12:00 p.m. MT", datetime(2006, 10, 28, 18, 0, tzinfo=UTC)),
    ],
)
def test_summer_time_in_north_america_follows_the_day(local, hour):
    assert parse_time(local) == hour


@given(st.text(max_size=70) | nearly_times)
def test_any_text_can_be_parsed_as_a_time_without_an_exception(text):
    found = parse_time(text)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("The harbour is not for sale | The Gull", "The harbour is not for sale"),
        ("The harbour is not for sale - gull.example", "The harbour is not for sale"),
        ("The Gull: The harbour is not for sale", "The Gull: The harbour is not for sale"),
        ("The Gull - The harbour is not for sale", "The harbour is not for sale"),
        ("Gulls and us - a history | The Gull", "Gulls and us - a history"),
        ("Trump – and after", "Trump – and after"),
        ("The Gull", "The Gull"),
        ("The harbour is not for sale » The Gull » Columns", "The harbour is not for sale"),
        ("The harbour | The Gull | Opinion | Letters", "The harbour"),
        ("Herring – The Gull – and after", "Herring – The Gull – and after"),
    ],
)
def test_only_the_sites_name_is_removed_from_the_title(title, short):
    assert title_without_site(title, ["The Gull", "gull.example"]) == short


def test_title_authors_times_and_section_are_read_from_structured_data():
    head = ld(
        headline="The harbour is not for sale",
        author=[{"@type": "Person", "name": "Ada Birch"}, {"@type": "Person", "name": "Li Wei"}],
        datePublished="2026-11-03T08:15:00+01:00",
        dateModified="2026-11-04T08:15:00+01:00",
        articleSection="Comment",
        publisher={"@type": "Organization", "name": "The Daily Gull"},
    )
    found = article(head)
    assert found.title == "The harbour is not for sale"
    assert found.authors == ("Ada Birch", "Li Wei")
    assert found.published_at == datetime(2026, 11, 3, 7, 15, tzinfo=UTC)
    assert found.modified_at == datetime(2026, 11, 4, 7, 15, tzinfo=UTC)
    assert (found.section, found.outlet) == ("Comment", "The Daily Gull")
    assert (found.kind, found.kind_signal) == ("opinion", "section: Comment")


def _texts(found: Article) -> list[str]:
    values = [getattr(found, field.name) for field in fields(found)]
    return [value for value in values if isinstance(value, str)] + list(found.authors)


@pytest.mark.parametrize(
    "stated",
    [
        {"articleSection": "Opinion \ud83d"},
        {"author": "Ada Birch \ud83d"},
        {"author": [{"name": ["Ada Birch\ud83d"]}]},
        {"publisher": {"@type": "Organization", "name": "The Gull \udc00"}},
        {"alternativeHeadline": "The council is wrong \ud83d"},
        {"headline": "The harbour \ud83d"},
        {"keywords": ["Opinion \ud83d"]},
        {"url": f"{URL}\ud83d"},
        {"articleBody": "\ud83d".join(prose(12))},
    ],
    ids=lambda stated: next(iter(stated)),
)
def test_half_a_character_in_structured_data_reaches_no_field(stated):
    for text in _texts(article(ld(**stated))):
        text.encode()  # raises an error for half a character


def test_a_character_that_is_no_text_reaches_no_field():
    head = (
        '<meta name="author" content="Ada&#1; Birch"><meta property="article:section" content="Com&#x200b;ment">'
        '<meta property="og:site_name" content="The &#x202e;Gull">'
        '<meta property="og:description" content="The&#127; council is wrong.">'
    )
    found = article(head)
    assert (found.authors, found.section, found.outlet, found.subtitle) == (
        ("Ada Birch",),
        "Comment",
        "The Gull",
        "The council is wrong.",
    )


def test_half_a_character_in_the_hints_of_a_listing_reaches_no_field():
    item = Item(
        url=URL,
        article_id="a" * 32,
        source="gull",
        outlet="The Gull \ud83d",
        language_hint="en\ud83d",
        title_hint="A harbour \ud83d",
        authors_hint=("Ada Birch \ud83d", "\u200b"),
    )
    assert (item.outlet, item.language_hint, item.title_hint, item.authors_hint) == (
        "The Gull \ufffd",
        "en\ufffd",
        "A harbour \ufffd",
        ("Ada Birch \ufffd",),
    )


def test_meta_tags_are_used_if_there_is_no_structured_data():
    head = (
        '<meta property="og:title" content="The harbour is not for sale | The Gull">'
        '<meta property="og:site_name" content="The Gull">'
        '<meta name="author" content="By Ada Birch">'
        '<meta property="article:published_time" content="2026-11-03T07:15Z">'
        '<meta property="og:description" content="The council is wrong.">'
    )
    found = article(head)
    assert (found.title, found.subtitle, found.authors, found.outlet) == (
        "The harbour is not for sale",
        "The council is wrong.",
        ("Ada Birch",),
        "The Gull",
    )
    assert found.published_at == datetime(2026, 11, 3, 7, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("nodes", "outlet"),
    [
        ([{"@type": "Organization", "@id": "#press", "name": "Gull Press"}], "Gull Press"),
        (
            [
                {"@type": "Organization", "@id": "#press"},
                {"@type": "WebSite", "@id": "#site", "name": "The Gull"},
            ],
            "The Gull",
        ),
        ([{"@type": ["WebSite"], "@id": "#site", "name": "The Gull: views of the harbour"}], "The Gull"),
        ([], "Gulls of the North"),
    ],
)
@pytest.mark.parametrize("site", ["", "https://gull.example/"])
def test_an_outlet_that_the_data_name_by_a_reference_is_found_and_is_never_the_title(nodes, outlet, site):
    title = "The harbour is not for sale"
    page = {"@type": "WebPage", "@id": URL, "url": URL, "name": f"{title} - Gulls of the North"}
    piece = {
        "@type": "Article",
        "isPartOf": {"@id": URL},
        "headline": title,
        "publisher": {"@id": f"{site}#press"},
    }
    named = [{**node, "@id": site + node["@id"]} for node in nodes]
    graph = json.dumps({"@context": "https://schema.org", "@graph": [piece, page, *named]})
    body = "".join(f"<p>{paragraph}</p>" for paragraph in prose())
    found = explain_page(
        page_of(
            f"<html lang='en'><head><title>{title} - Gulls of the North</title><script type='application/ld+json'>"
            f"{graph}</script></head><body><article><h1>{title}</h1>{body}</article></body></html>",
            url=URL,
        )
    ).article
    assert found is not None
    assert (found.outlet, found.title) == (outlet, title)


def test_meta_tags_that_are_escaped_twice_are_read_as_they_were_meant():
    found = article(
        '<meta property="og:site_name" content="Gull &amp;amp; Tern">'
        '<meta property="og:title" content="It&amp;#8217;s not &amp;quot;for sale&amp;quot;">'
        '<meta name="description" content="A view of R&amp;amp;D">'
        '<meta property="og:url" content="https://gull.example/2026/harbour?id=4&amp;amp;copy=1&amp;para=2">',
        title="It&amp;#8217;s not for you",
    )
    assert (found.outlet, found.subtitle) == ("Gull & Tern", "A view of R&D")
    assert found.title == 'It’s not "for sale"'
    assert found.url == "https://gull.example/2026/harbour?copy=1&id=4&para=2"


def test_an_outlet_whose_logo_is_a_heading_is_found():
    page = {"@type": "WebPage", "@id": URL, "url": URL, "name": "Gulls of the North"}
    piece = {"@type": "Article", "isPartOf": {"@id": URL}, "headline": "The harbour is not for sale"}
    graph = json.dumps({"@context": "https://schema.org", "@graph": [piece, page]})
    body = "".join(f"<p>{paragraph}</p>" for paragraph in prose())
    found = explain_page(
        page_of(
            "<html lang='en'><head><title>The harbour is not for sale - Gulls of the North</title>"
            f"<script type='application/ld+json'>{graph}</script></head><body><h1>Gulls of the North</h1>"
            f"<article><h1>The harbour is not for sale</h1>{body}</article></body></html>",
            url=URL,
        )
    ).article
    assert found is not None
    assert found.outlet == "Gulls of the North"


def test_the_name_of_an_outlet_is_on_one_line():
    assert article('<meta property="og:site_name" content="The\n  Gull ">').outlet == "The Gull"


def test_the_byline_on_the_page_is_used_last():
    assert article(before='<div class="byline">By Ada Birch</div>').authors == ("Ada Birch",)


def test_an_author_named_by_reference_is_looked_up_in_the_same_graph():
    graph = [
        {"@type": "WebSite", "@id": "https://gull.example/#site", "name": "The Gull"},
        {"@type": "Person", "@id": "https://gull.example/#jane", "name": "Jane Doe"},
        {"@type": "Article", "headline": "x", "author": {"@id": "https://gull.example/#jane"}},
    ]
    head = f'<script type="application/ld+json">{json.dumps({"@graph": graph})}</script>'
    assert article(head).authors == ("Jane Doe",)


def test_the_visible_heading_is_used_before_the_title_made_for_link_previews():
    found = article('<meta property="og:title" content="You won\'t believe what a harbour can cost">')
    assert found.title == "The harbour is not for sale"


HEADLINE = "The harbour is not for sale"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("The harbour<br>is not for sale", HEADLINE),
        ("<div>The harbour</div><div>is not for sale</div>", HEADLINE),
        ("<span>Opinion</span><span>The harbour is not for sale</span>", HEADLINE),
        ("<span>OPINION</span> <span>The harbour is not for sale</span>", HEADLINE),
        ("<a><span>Guest column</span><br>The harbour is not for sale</a>", HEADLINE),
        ("<span>Opinion</span> The harbour is not for sale", HEADLINE),
        ("<span>Why</span> The harbour is not for sale", f"Why {HEADLINE}"),
        ("<span>Ferries:</span><span>The harbour is not for sale</span>", f"Ferries: {HEADLINE}"),
        ("<span class='drop'>T</span>he <em>har</em>bour is not for sale", HEADLINE),
        ("<span>The har</span><span>bour is not for sale</span>", HEADLINE),
        ("The harbour of Mac<i>Donald</i> is CO<sub>2</sub>-free", "The harbour of MacDonald is CO2-free"),
        ("<em>Opinion</em> polls of the harbour lie", "Opinion polls of the harbour lie"),
        ("<span>Opinion</span> <span>polls of the harbour lie</span>", "Opinion polls of the harbour lie"),
        ("<b>Letters</b> From the Harbour", "Letters From the Harbour"),
        (
            "<span>Column</span> <span>Of</span> <span>Smoke</span> <span>Over</span> <span>Harbour</span>",
            "Column Of Smoke Over Harbour",
        ),
    ],
)
def test_the_parts_of_a_heading_are_read_apart_and_its_words_are_whole(heading, title):
    page = html_of(prose(), head=f'<meta property="og:title" content="{HEADLINE}">')
    found = explain_page(page_of(page.replace(f"<h1>{HEADLINE}", f"<h1>{heading}"), url=URL)).article
    assert found is not None
    assert found.title == title
    assert found.text.split("\n") == prose()


@pytest.mark.parametrize(
    "caption",
    [
        "Quay at dawn.<br>Photo: PNA",
        "<p>Quay at dawn.</p><p>Photo: PNA</p>",
        "<b>Quay at dawn.</b><i>Photo: PNA</i>",
    ],
)
def test_the_parts_of_a_caption_are_read_apart(caption):
    found = article(before=f"<figure><img src='a.jpg'><figcaption>{caption}</figcaption></figure>")
    assert found.caption == "Quay at dawn. Photo: PNA"
    assert found.text.split("\n") == prose()


def test_a_label_in_a_heading_shows_the_kind_if_the_page_has_no_other_title():
    page = html_of(prose()).replace("<title>The harbour is not for sale | The Gull</title>", "")
    page = page.replace("<h1>", "<h1><span>Opinion</span><span>").replace("</h1>", "</span></h1>")
    found = explain_page(page_of(page, url=URL)).article
    assert found is not None
    assert (found.title, found.kind, found.kind_signal) == (HEADLINE, "opinion", "title: Opinion")


@pytest.mark.parametrize(
    "logo", ["The Gull", "The Daily Harbour and Town", "Why don't you read our letters?"]
)
def test_a_heading_that_is_a_logo_or_a_teaser_is_no_headline(logo):
    headline = "The harbour is not for sale"
    head = f'<meta property="og:title" content="{headline}">'
    page = html_of(prose(), head=head, before=f"<h2>{headline}</h2>").replace(
        f"<h1>{headline}", f"<h1>{logo}"
    )
    page = page.replace("| The Gull", "| The Daily Harbour and Town")
    found = explain_page(page_of(page, url=URL)).article
    assert found is not None
    assert found.title == headline


def test_the_byline_completes_structured_data_that_names_the_first_author_only():
    byline = "<div>By Jane Doe, John Roe and Amina Al-Sayed</div>"
    assert article(ld(author={"name": "Jane Doe"}), before=byline).authors == (
        "Jane Doe",
        "John Roe",
        "Amina Al-Sayed",
    )
    assert article(ld(author={"name": "Eve Poe"}), before=byline).authors == ("Eve Poe",)
    byline = byline.replace(" and", ",")
    assert len(article(ld(author={"name": "Jane Doe"}), before=byline).authors) == 3


def test_text_after_a_bar_in_a_byline_is_not_an_author():
    byline = "<div>By <a>Jane Doe</a> | The Gull<span>FacebookTwitterPrint</span></div>"
    assert article(before=byline).authors == ("Jane Doe",)


def test_the_author_of_a_claim_that_is_checked_is_not_the_author_of_the_piece():
    claim = {"@type": "CreativeWork", "author": {"name": "Minister Poe"}, "datePublished": "2020-01-01"}
    node = {"@type": "ClaimReview", "author": {"name": "Jane Doe"}, "datePublished": "2026-11-03"}
    head = f'<script type="application/ld+json">{json.dumps({**node, "itemReviewed": claim})}</script>'
    found = article(head)
    assert found.authors == ("Jane Doe",)
    assert found.published_at == datetime(2026, 11, 3, tzinfo=UTC)


RELATED = {
    "@type": "NewsArticle",
    "headline": "The stadium lie",
    "author": {"name": "Bob Smith"},
    "datePublished": "2024-05-02",
    "articleSection": "Sport",
    "url": "https://gull.example/2024/stadium",
}


@pytest.mark.parametrize(
    "beside",
    [
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": RELATED}]},
        {"@type": "WebPage", "hasPart": [RELATED]},
        {"@type": "WebPage", "relatedLink": RELATED},
        RELATED,
    ],
)
@pytest.mark.parametrize("key", ["url", "@id", "mainEntityOfPage"])
@pytest.mark.parametrize("link", [f'<link rel="canonical" href="{URL}">', ""], ids=["canonical", "fetched"])
def test_the_data_of_a_related_article_are_not_those_of_the_piece(beside, key, link):
    own = {"@type": "NewsArticle", "author": {"name": "Jane Doe"}, "datePublished": "2026-11-03"}
    own[key] = (
        {"@id": f"{URL}/#article"} if key == "mainEntityOfPage" else f"http://www.gull.example{URL[20:]}/"
    )
    head = f'{link}<script type="application/ld+json">{json.dumps([beside, own])}</script>'
    found = article(head)
    assert (found.authors, found.section) == (("Jane Doe",), None)
    assert found.published_at == datetime(2026, 11, 3, tzinfo=UTC)


def test_the_section_is_still_read_from_breadcrumbs():
    entries = [{"@type": "ListItem", "name": "Home"}, {"@type": "ListItem", "item": {"name": "Comment"}}]
    node = {"@type": "BreadcrumbList", "itemListElement": entries}
    assert article(f'<script type="application/ld+json">{json.dumps(node)}</script>').section == "Comment"


@pytest.mark.parametrize(
    ("names", "section", "kind"),
    [
        (["Home", "Opinion", "The harbour is not for sale"], "Opinion", "opinion"),
        (["Home", "Opinion", "The harbour is not…"], "Opinion", "opinion"),
        (["Home", "Opinion", "Columns", "The Harbour Is Not For Sale"], "Columns", "opinion"),
        (["Home", "Opinion", "Ferries", "The harbour is not for sale"], "Opinion", "opinion"),
        (["Home", "City", "Ferries", "The harbour is not for sale"], "Ferries", "unknown"),
        (["Home", "City", "The harbour"], "The harbour", "unknown"),
        (["Home", "The harbour is not for sale"], None, "unknown"),
    ],
)
def test_the_article_itself_at_the_end_of_breadcrumbs_is_no_section(names, section, kind):
    entries = [{"@type": "ListItem", "name": name} for name in names]
    node = {"@type": "BreadcrumbList", "itemListElement": entries}
    found = article(f'<script type="application/ld+json">{json.dumps(node)}</script>', url=DATED)
    assert (found.section, found.kind) == (section, kind)


def test_a_breadcrumb_of_commentary_is_the_section_although_the_page_has_its_title():
    entries = [{"@type": "ListItem", "name": name} for name in ("Home", "Opinion")]
    node = {"@type": "BreadcrumbList", "itemListElement": entries}
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    assert article(head, url=DATED, title="Opinion").section == "Opinion"


def tagged(*sections: str) -> str:
    return "".join(f'<meta property="article:section" content="{section}">' for section in sections)


@pytest.mark.parametrize(
    ("head", "section"),
    [
        (ld(articleSection=["News", "Opinion"]), "Opinion"),
        (ld(articleSection=["Opinion", "News"]), "Opinion"),
        (ld(articleSection=["Local News", "Guest Columns"]), "Guest Columns"),
        (ld(articleSection=["Featured", "Opinion"]), "Opinion"),
        (ld(articleSection="News, Opinion"), "Opinion"),
        (ld(articleSection="News") + tagged("Opinion"), "Opinion"),
        (tagged("News", "Opinion"), "Opinion"),
    ],
)
def test_a_piece_with_several_sections_is_commentary_if_one_of_them_is(head, section):
    found = article(head, url=DATED)
    assert (found.kind, found.kind_signal, found.section) == ("opinion", f"section: {section}", section)


@pytest.mark.parametrize(
    ("sections", "kind"),
    [(["News", "Politics"], "news"), (["Business", "Leaders"], "unknown"), (["Leaders"], "opinion")],
)
def test_of_several_sections_without_commentary_the_first_counts(sections, kind):
    found = article(ld(articleSection=sections), url=DATED)
    assert (found.kind, found.section) == (kind, sections[0])


@pytest.mark.parametrize(
    "written",
    [
        "Jane&nbsp;Doe",
        "<a href='/jane'>Jane Doe</a>",
        "&lt;b&gt;Jane Doe&lt;/b&gt;",
        "jane@gull.example (Jane Doe)",
        "Jane Doe <jane@gull.example>",
        "BY JANE DOE",
    ],
)
def test_additions_of_publishing_systems_are_removed_from_a_name(written):
    assert article(ld(author={"name": written})).authors == ("Jane Doe",)
    assert article(authors_hint=(written,)).authors == ("Jane Doe",)


def test_json_escaped_for_html_and_times_as_numbers_are_read():
    found = article(
        ld(headline="Quays &amp; ferries", datePublished=1793686500), title="Quays &amp; ferries of ours"
    )
    assert found.title == "Quays & ferries of ours"
    assert found.published_at == datetime(2026, 11, 3, 6, 15, tzinfo=UTC)


def test_a_year_in_the_address_is_no_date():
    url = "https://gull.example/2026/harbour/amp"
    canonical = '<link rel="canonical" href="https://gull.example/2026/harbour">'
    found = article(canonical, url=url)
    assert (found.url, found.published_at) == (URL, None)


def test_a_login_name_is_not_an_author():
    assert article('<meta name="author" content="webuser">').authors == ()


def test_a_date_under_the_headline_is_used_if_there_is_no_other():
    found = article(
        before="<p>By Jane Doe on Tuesday, November 3rd, 2026 at 11:08 a.m.</p><p>First, May 2, 2019.</p>"
    )
    assert found.published_at == datetime(2026, 11, 3, tzinfo=UTC)
    assert found.authors == ("Jane Doe",)


@pytest.mark.parametrize(
    "written", ["November 3 2026", "3 Nov. 2026", "3 November, 2026", "3rd November 2026"]
)
def test_a_date_under_the_headline_is_read_in_any_english_form(written):
    assert article(before=f"<p>{written}</p>").published_at == datetime(2026, 11, 3, tzinfo=UTC)


LISTED = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
LONG = (
    "<p>" + "The council has never understood what a harbour is for, and it will regret that. " * 6 + "</p>"
)


@pytest.mark.parametrize(
    "before",
    [
        "<p>On Nov. 5, 2024, the voters of this city were told a lie about rent.</p>",
        "<p>The voters were told a lie.</p><p>It rained on the quay that day.</p><p>November 5, 2024.</p>",
    ],
)
def test_a_date_in_the_authors_text_does_not_replace_the_time_of_the_listing(before):
    assert article(before=before, published_hint=LISTED).published_at == LISTED


def test_a_date_in_a_sentence_is_not_the_time_of_publication():
    assert article(before="<p>On Nov. 5, 2024, the voters were told a lie.</p>").published_at is None


def with_teaser(teaser: str, *, head: str = "", before: str = "", **item):
    page = html_of(prose(), head=head, before=before).replace(
        "</article>", f"</article><section><h2>More opinion</h2>{teaser}</section>"
    )
    found = explain_page(page_of(page, url=URL, **item)).article
    assert found is not None
    return found


@pytest.mark.parametrize(
    "teaser",
    [
        "<ul><li><a href='/stadium'>The stadium lie</a> <span>May 2, 2024</span></li></ul>",
        "<div>The stadium lie</div><time datetime='2024-05-02T08:00:00Z'>May 2</time>",
    ],
)
def test_the_time_of_the_listing_counts_before_the_date_of_a_teaser(teaser):
    assert with_teaser(teaser, published_hint=LISTED).published_at == LISTED
    stated = ld(datePublished="2026-11-05T10:00:00Z", dateModified="2026-11-05T10:00:00Z")
    assert with_teaser(teaser, head=stated).published_at == datetime(2026, 11, 5, 10, tzinfo=UTC)


def test_a_time_above_the_text_counts_before_the_listings():
    found = article(before="<time datetime='2026-11-03T08:00:00Z'>Nov 3</time>", published_hint=LISTED)
    assert found.published_at == datetime(2026, 11, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize("teaser", ["<p class='byline'>By Bob Smith</p>", "<p>By Bob Smith</p>"])
def test_the_author_of_a_teaser_is_not_the_author_of_the_piece(teaser):
    assert with_teaser(teaser, authors_hint=("Jane Doe",)).authors == ("Jane Doe",)
    byline = "<div class='byline'>By Jane Doe</div>"
    assert with_teaser(teaser, head=ld(author={"name": "Jane Doe"}), before=byline).authors == ("Jane Doe",)
    both = teaser.replace("By Bob", "By Jane Doe and Bob")
    assert with_teaser(both, head=ld(author={"name": "Jane Doe"})).authors == ("Jane Doe",)


def test_a_byline_below_the_text_counts_if_it_is_in_the_article():
    page = html_of(prose(), after="<p class='byline'>By Jane Doe</p>")
    found = explain_page(page_of(page, url=URL, authors_hint=("Bob Smith",))).article
    assert found is not None
    assert found.authors == ("Jane Doe",)


@pytest.mark.parametrize(
    "byline",
    [
        "<p class='byline'>By Jane Doe<br>Columnist</p>",
        "<p>Opinion by Jane Doe<br>Columnist</p>",
        "<p class='byline'>By<br>Jane Doe</p>",
        "<div class='byline'><span>By</span><span>Jane</span><span>Doe</span></div>",
        "<p>By Jane Doe</p>" + LONG,
        "<p>Why the council is wrong.</p><p>By Jane Doe</p>",
        LONG[:300] + "</p><p>By Jane Doe</p>",
        "<p class='byline'>By Jane Doe 3 May 2026</p>",
        "<p>By Jane Doe 3rd May, 2026</p>",
        "<p class='byline'>By Jane Doe <time>3 May 2026</time></p>",
        "<p class='byline'>By Jane Doe • May 3, 2026</p>",
        "<p>By Jane Doe • May 3, 2026</p>",
        "<p class='byline'>By Jane Doe · 5 min read</p>",
        "<p class='byline'>By Jane Doe | Opinion columnist</p>",
        "<p class='byline'>By Jane Doe | Tern Tribune</p>",
        "<p class='byline'>By | Jane Doe</p>",
        "<p class='byline'>By Jane Doe, The Associated Press</p>",
        "<p class='byline'>By Jane Doe for The Daily Mail</p>",
        "<p class='byline'>BY JANE DOE FOR THE DAILY MAIL</p>",
        "<p class='byline'>By Jane Doe for The Tern</p>",
        "<p class='byline'>By Jane Doe at The Tern in London</p>",
        "<p class='byline'>By Jane Doe in New York</p>",
        "<p class='byline'>By Jane Doe / Harbour Tribune</p>",
        "<p class='byline'>By Jane Doe | Harbour Media for Harbour.com</p>",
        "<p>By Jane Doe for The Daily Mail</p>",
        "<p>By Jane Doe For Dailymail.com</p>",
    ],
)
def test_the_lines_of_a_byline_are_read_apart(byline):
    assert article(before=byline).authors == ("Jane Doe",)


@pytest.mark.parametrize("beside", ["for The Daily Mail", "at the Harbour Tribune", "/ Harbour Tribune"])
def test_the_line_of_an_author_and_an_outlet_is_no_part_of_the_text(beside):
    found = article(ld(author={"name": f"Jane Doe {beside}"}), before=f"<p>By Jane Doe {beside}</p>")
    assert found.authors == ("Jane Doe",)
    assert found.text.split("\n") == prose()


def test_an_office_that_stands_for_any_author_does_not_hide_the_byline():
    byline = "<p><strong>By Jane Doe</strong></p>"
    assert article(ld(author={"name": "Guest Columnist"}), before=byline).authors == ("Jane Doe",)


def test_a_first_sentence_that_begins_like_a_byline_names_no_author():
    found = article(before="<p>By Labor Day, the harbour was empty.</p>")
    assert found.authors == ()
    assert found.text.startswith("By Labor Day, the harbour was empty.")


@pytest.mark.parametrize(
    "beside", ["| Opinion columnist", ", Las Vegas", ", The Associated Press", ", Arts and Culture Editor"]
)
def test_what_stands_beside_the_author_in_the_byline_is_no_further_author(beside):
    byline = f"<p class='byline'>By Jane Doe{beside}</p>"
    assert article(ld(author={"name": "Jane Doe"}), before=byline).authors == ("Jane Doe",)


def test_a_place_behind_the_last_of_several_authors_is_no_author():
    byline = "<p class='byline'>By Jane Doe and John Roe, Las Vegas</p>"
    assert article(before=byline).authors == ("Jane Doe", "John Roe")
    assert article(ld(author={"name": "Jane Doe"}), before=byline).authors == ("Jane Doe", "John Roe")


def test_a_template_that_gives_the_last_change_as_publication_is_corrected_by_an_earlier_statement():
    changed = "2026-11-05T10:00:00Z"
    meta = '<meta property="article:published_time" content="2026-11-03T08:00:00Z">'
    found = article(ld(datePublished=changed, dateModified=changed) + meta)
    assert found.published_at == datetime(2026, 11, 3, 8, tzinfo=UTC)
    found = article(ld(datePublished="2026-11-04T08:00:00Z", dateModified=changed) + meta)
    assert found.published_at == datetime(2026, 11, 4, 8, tzinfo=UTC)


def test_a_date_in_the_future_or_before_the_web_is_not_used():
    assert article(ld(datePublished="2031-01-01T00:00:00Z")).published_at is None
    assert article(ld(datePublished="0001-01-01T00:00:00Z")).published_at is None


@pytest.mark.parametrize(
    ("own", "listed", "stored"),
    [
        ("2026-11-04", "2026-11-05", "2026-11-04"),
        (None, "2026-11-05", "2026-11-05"),
        ("2026-11-03", None, "2026-11-03"),
        ("2026-11-02", None, None),
        ("2026-11-02", "2026-11-05", "2026-11-05"),
        (None, "2026-11-02", None),
        ("2031-01-01", None, None),
        (None, "2031-01-01", None),
    ],
)
def test_a_change_in_the_future_or_before_the_publication_is_not_used(
    own: str | None, listed: str | None, stored: str | None
):
    head = ld(datePublished="2026-11-03", **({"dateModified": own} if own else {}))
    assert article(head, modified_hint=parse_time(listed)).modified_at == parse_time(stored)


def test_the_time_at_which_an_archive_read_a_page_is_not_that_of_a_change():
    record = {"modified_hint": LISTED, "location": "file:///a.warc#warc%3D0"}
    assert article(ld(datePublished="2026-11-03"), **record).modified_at is None
    changed = article(ld(datePublished="2026-11-03", dateModified="2026-11-04"), **record)
    assert changed.modified_at == datetime(2026, 11, 4, tzinfo=UTC)


def test_a_listing_may_be_that_of_an_archive_but_not_give_the_first_day_of_a_clock():
    listed = datetime(1985, 3, 2, tzinfo=UTC)
    assert article(published_hint=listed).published_at == listed
    assert article(published_hint=datetime(1970, 1, 1, tzinfo=UTC)).published_at is None
    assert article(ld(datePublished="1985-03-02")).published_at is None


@pytest.mark.parametrize(
    ("path", "stated", "is_used"),
    [
        ("1981/05/06/opinion/the-ferry.html", "1981-05-06T05:00:00.000Z", True),
        ("archives/la-xpm-1985-07-11-me-8571-story.html", "1985-07-11", True),
        ("magazine/archive/1945/07/the-ferry/303881/", "1945-07-01T12:00:00Z", True),
        ("1981/05/06/opinion/the-ferry.html", "1970-01-01", False),
        ("1970/the-ferry.html", "1970-01-01", False),
        ("opinion/the-summer-of-1981", "1981-05-06", False),
        ("1982/opinion/the-ferry.html", "1981-05-06", False),
    ],
)
def test_a_stated_day_before_the_web_is_that_of_a_piece_in_an_archive_if_its_address_has_the_year(
    path: str, stated: str, is_used: bool
):
    url = f"https://gull.example/{path}"
    found = article(ld(datePublished=stated), url=url)
    assert found.published_at == (parse_time(stated) if is_used else None)
    meta = f'<meta property="article:published_time" content="{stated}">'
    assert article(f'<link rel="canonical" href="{url}">{meta}', url=url).published_at == found.published_at


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


LATE = datetime(2026, 11, 13, 3, 30, tzinfo=UTC)
"""Half past ten in the evening of 12 November in New York, and the next day in UTC."""


@pytest.mark.parametrize("stated", ["2026-11-12T22:30:00", "2026-11-12 22:30", "Nov. 12, 2026, 10:30 p.m."])
@pytest.mark.parametrize(
    ("head", "hint"),
    [
        (meta("article:published_time", "2026-11-12T22:30:00-05:00"), None),
        (meta("article:published_time", "2026-11-13T03:30:00Z"), None),
        (meta("date", "2026-11-12T22:30:00") + meta("parsely-pub-date", "1794540600"), None),
        ("", LATE),
    ],
)
def test_a_time_without_a_zone_is_in_the_zone_of_another_statement_of_it(stated, head, hint):
    found = article(head + ld(datePublished=stated, dateModified="2026-11-12T23:00:00"), published_hint=hint)
    assert found.published_at == LATE
    assert found.modified_at == datetime(2026, 11, 13, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "other",
    [
        meta("article:published_time", "2026-11-12"),  # a day
        meta("article:published_time", "2026-11-13T03:31:07Z"),  # another time
        meta("article:published_time", "2026-11-14T22:30:00Z"),
        meta("article:published_time", "2026-11-12T20:30:00"),  # without a zone too
    ],
)
def test_a_time_without_a_zone_is_in_utc_if_no_other_statement_can_be_the_same_time(other):
    found = article(other + ld(datePublished="2026-11-12T22:30:00"))
    assert found.published_at == datetime(2026, 11, 12, 22, 30, tzinfo=UTC)


def test_a_time_with_a_zone_counts_before_other_statements():
    head = meta("article:published_time", "2026-11-12T20:30:00Z")
    found = article(
        head + ld(datePublished="2026-11-12T22:30:00-05:00", dateModified="2026-11-13T05:00:00Z"),
        published_hint=datetime(2026, 11, 13, 4, 30, tzinfo=UTC),
    )
    assert (found.published_at, found.modified_at) == (LATE, datetime(2026, 11, 13, 5, tzinfo=UTC))


def test_a_day_that_is_written_as_midnight_does_not_move_the_time_of_the_change():
    head = meta("article:published_time", "2026-11-12T09:00:00Z")
    found = article(head + ld(datePublished="2026-11-12T00:00:00", dateModified="2026-11-12T23:00:00"))
    assert found.published_at == datetime(2026, 11, 12, 9, tzinfo=UTC)
    assert found.modified_at == datetime(2026, 11, 12, 23, tzinfo=UTC)


def test_the_listings_time_is_used_if_the_page_has_only_the_day():
    listed = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    assert article(ld(datePublished="2026-11-03"), published_hint=listed).published_at == listed
    assert article(ld(datePublished="2026-10-01"), published_hint=listed).published_at == datetime(
        2026, 10, 1, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("canonical", "url", "expected"),
    [
        ("https://gull.example/2026/harbour", URL + "?page=1", URL),
        ("/2026/the-harbour", URL, "https://gull.example/2026/the-harbour"),
        ("https://gull.example/", URL, URL),
        ("https://gull.example/2026", URL, URL),
        ("https://gull.example/opinion/", DATED, DATED),
        ("https://gull.example/opinion/guest-columns", DATED, DATED),
        ("https://gull.example/letters-to-the-editor", DATED, DATED),
        ("https://gull.example/2026/11", DATED, DATED),
        ("https://gull.example/city", DATED, DATED),
        ("https://gull.example/opinion", URL, URL),
        (
            "https://gull.example/opinion/ferry-now",
            DATED + "-12345",
            "https://gull.example/opinion/ferry-now",
        ),
        ("https://gull.example/ferry-now", DATED, "https://gull.example/ferry-now"),
        ("https://gull.example/p/123", DATED, "https://gull.example/p/123"),
        (
            "https://gull.example/opinion/the-ferry",
            "https://gull.example/p/12345",
            "https://gull.example/opinion/the-ferry",
        ),
        ("https://evil.example/2026/harbour", URL, URL),
        ("https://gull.example/2026/harbour", "https://m.gull.example/2026/harbour", URL),
        ("https://bob.blog.example/1", "https://ada.blog.example/2", "https://ada.blog.example/2"),
        ("javascript:alert(1)", URL, URL),
    ],
)
def test_a_canonical_address_counts_only_on_the_same_site_and_for_an_article(canonical, url, expected):
    assert article(f'<link rel="canonical" href="{canonical}">', url=url).url == expected


@pytest.mark.parametrize(
    ("claim", "own", "counts"),
    [
        ("/opinion/harbour", "/node/123456", True),
        ("/opinion/harbour_sale", "/node/123456", True),
        ("/opinion/harbour", "/article/20261112-1", True),
        ("/opinion/harbour", "/opinion/article123456.html", True),
        ("/opinion/harbour", "/opinion/columnists/ada-birch/2026/11/12/harbour/71234567", True),
        ("/opinion/tariffs-mistake", "/amp/story/2026/11/12/trumps-tariffs-are-a-mistake/", True),
        ("/2026/11/12/editorial", "/print/2026/11/12/a-b-c-d", True),
        ("/opinion/schools", "/node/123456", False),
        ("/opinion/gull", "/node/123456", False),
        ("/harbour", "/node/123456", False),
        ("/opinion/editorials", "/node/123456", False),
        ("/opinion/harbour", "/opinion/2026/11/12/the-harbour-is-not-for-sale", False),
    ],
)
def test_a_canonical_address_of_one_word_counts_if_the_page_is_about_it(claim, own, counts):
    # The title of the page is "The harbour is not for sale | The Gull".
    claimed, asked = f"https://gull.example{claim}", f"https://gull.example{own}"
    found = article(f'<link rel="canonical" href="{claimed}">', url=asked)
    assert found.url == (claimed if counts else asked.rstrip("/"))


@pytest.mark.parametrize(
    "broken", ["http://[", "http://[::1", "//[x", "http://gull.example:port/", "http://a b/"]
)
def test_a_page_with_an_invalid_address_is_still_read(broken):
    head = f'<link rel="canonical" href="{broken}"><link rel="next" href="{broken}">'
    found = article(
        head + f'<meta property="og:url" content="{broken}">' + ld(url=broken, mainEntityOfPage=broken)
    )
    assert found.url == URL


def test_a_page_on_the_disk_does_not_take_the_address_of_a_section():
    file = "file:///home/ada/ferry.html"
    section, piece, editorial = (
        f'<link rel="canonical" href="https://gull.example/{path}">'
        for path in ("opinion/", "opinion/ferry", "2026/11/12/editorial")
    )
    assert article(section, url=file).url == file
    assert article(piece, url=file).url == "https://gull.example/opinion/ferry"
    assert article(editorial, url=file).url == "https://gull.example/2026/11/12/editorial"


def test_a_canonical_address_of_another_site_is_not_used():
    assert article('<link rel="canonical" href="https://tern.example/original/harbour">').url == URL


def behind_redirect(head: str, *, asked: str, final: str):
    page = page_of(html_of(prose(), head=head), url=asked)
    page.final_url = final
    found = explain_page(page).article
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("canonical", "asked", "final", "url"),
    [
        # A feed's or a shortener's address leads to the publisher, who states the address of the article.
        (
            "https://gull.example/opinion/ferry",
            "https://feeds.example/~r/1",
            "https://gull.example/opinion/ferry?utm_source=feed",
            "https://gull.example/opinion/ferry",
        ),
        (
            "/opinion/ferry",
            "https://feeds.example/~r/1",
            "https://gull.example/?p=7",
            "https://gull.example/opinion/ferry",
        ),
        # The site that was asked may still name its own address, and another site's stays another's.
        (URL, "https://gull.example/r/1", "https://tern.example/harbour", URL),
        (
            "https://tern.example/harbour",
            "https://feeds.example/~r/1",
            "https://gull.example/opinion/ferry",
            "https://feeds.example/~r/1",
        ),
        (
            "https://gull.example/",
            "https://feeds.example/~r/1",
            "https://gull.example/opinion/x",
            "https://feeds.example/~r/1",
        ),
    ],
)
def test_a_page_behind_a_redirect_states_its_address_on_the_site_it_came_from(canonical, asked, final, url):
    found = behind_redirect(f'<link rel="canonical" href="{canonical}">', asked=asked, final=final)
    assert found.url == url


def test_a_page_behind_a_redirect_that_states_no_address_keeps_the_one_at_which_it_was_asked_for():
    found = behind_redirect(
        "", asked="https://feeds.example/~r/1", final="https://gull.example/opinion/ferry"
    )
    assert found.url == "https://feeds.example/~r/1"
    assert (found.kind, found.kind_signal) == ("opinion", "url path: /opinion/")


def test_the_folders_of_the_address_that_answered_do_not_make_news_of_an_article():
    url = "https://gull.example/2026/11/12/ferry"
    asked = "https://gull.example/news/2026/11/12/ferry"
    head = f'<link rel="canonical" href="{url}"><meta property="article:section" content="Local">'
    found = article(head, url=asked)
    assert (found.url, found.kind, found.kind_signal) == (url, "unknown", None)


def test_the_folders_of_the_address_that_was_asked_for_still_show_the_kind():
    found = behind_redirect(
        "", asked="https://gull.example/opinion/1", final="https://gull.example/2026/ferry"
    )
    assert (found.kind, found.kind_signal) == ("opinion", "url path: /opinion/")


@pytest.mark.parametrize(
    ("facts", "kind", "signal"),
    [
        ({"url": "https://gull.example/opinion/harbour"}, "opinion", "url path: /opinion/"),
        ({"url": "https://gull.example/commentisfree/2026/harbour"}, "opinion", "url path: /commentisfree/"),
        ({"url": "https://gull.example/news/opinion-opinion/x"}, "opinion", None),
        ({"section": "Editorials"}, "opinion", "section: Editorials"),
        ({"title": "Opinion | The harbour"}, "opinion", "title: Opinion"),
        ({"title": "The harbour - Op-Ed"}, "opinion", None),
        ({"types": ["OpinionNewsArticle"]}, "opinion", "json-ld type: OpinionNewsArticle"),
        ({"tags": ["ferries", "Commentary"]}, "opinion", "tag: Commentary"),
        ({"note": "The article reflects the author's opinions."}, "opinion", "note: author's opinions"),
        ({"prior": "opinion"}, "opinion", "source: opinion throughout"),
        (
            {"url": "https://gull.example/opinion/x", "section": "Opinion", "types": ["LiveBlogPosting"]},
            "news",
            "json-ld type: LiveBlogPosting",
        ),
        ({"url": "https://gull.example/opinion/live/x", "types": ["NewsArticle"]}, "opinion", None),
        (
            {"types": ["ReportageNewsArticle"], "prior": "opinion"},
            "news",
            "json-ld type: ReportageNewsArticle",
        ),
        ({"text": "PORT AMITY, Nov 3 (Reuters) - The council"}, "news", None),
        ({"url": "https://gull.example/us/supreme-court-opinions/2026/x"}, "unknown", None),
        ({"url": "https://gull.example/politics/public-opinion/x"}, "unknown", None),
        ({"url": "https://gull.example/opinion-polls/x"}, "unknown", None),
        ({"url": "https://ideas.gull.example/p/x"}, "unknown", None),
        ({"url": "https://gull.example/us-opinion/x"}, "opinion", "url path: /us-opinion/"),
        ({"url": "https://gull.example/star-opinion/x"}, "opinion", "url path: /star-opinion/"),
        ({"url": "https://gull.example/star-opinion/x", "types": ["ReportageNewsArticle"]}, "news", None),
        ({"url": "https://gull.example/comment/harbour-b1.html"}, "opinion", "url path: /comment/"),
        ({"url": "https://gull.example/comment/x", "types": ["ReportageNewsArticle"]}, "news", None),
        ({"url": "https://gull.example/news/comment/x", "section": "Politics"}, "news", None),
        (
            {"url": "https://gull.example/world/letters-to-editor/x"},
            "opinion",
            "url path: /letters-to-editor/",
        ),
        ({"url": "https://gull.example/voices/x"}, "opinion", "url path: /voices/"),
        ({"url": "https://gull.example/debate/x", "types": ["ReportageNewsArticle"]}, "news", None),
        ({"section": "Views", "text": "PORT AMITY, Nov 3 (Reuters) - The council"}, "news", None),
        ({"url": "https://gull.example/debate/x", "section": "News"}, "news", "section: News"),
        (
            {"url": "https://gull.example/nj-opinion/x", "section": "News"},
            "opinion",
            "url path: /nj-opinion/",
        ),
        ({"url": "https://gull.example/opinion-exchange/x", "section": "Local News"}, "opinion", None),
        ({"url": "https://gull.example/opinion-faith/x", "section": "News"}, "opinion", None),
        ({"url": "https://gull.example/news/tribune-opinion/x", "section": "Politics"}, "opinion", None),
        ({"url": "https://gull.example/voices/x", "section": "News"}, "opinion", "url path: /voices/"),
        ({"url": "https://gull.example/news/voices/x", "section": "World"}, "news", None),
        ({"url": "https://gull.example/news/public-opinion/x", "section": "Politics"}, "news", None),
        ({"section": "Voices"}, "opinion", "section: Voices"),
        ({"section": "World News"}, "news", "section: World News"),
        ({"url": "https://gull.example/news/harbour", "section": "Politics"}, "news", None),
        ({"url": "https://gull.example/news/harbour"}, "unknown", None),
        ({"title": "Opinion polls show a close race"}, "unknown", None),
        ({"title": "Column of smoke over the harbour"}, "unknown", None),
        ({"url": "https://gull.example/harbour/opinion"}, "unknown", None),
        ({"url": "file:///home/ada/opinion/harbour.txt"}, "unknown", None),
    ],
)
def test_the_kind_is_given_with_the_signal_that_shows_it(facts, kind, signal):
    found = kind_of(**({"url": URL, "title": None, "text": ""} | facts))
    assert found[0] == kind
    assert signal is None or found[1] == signal


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ('<meta name="keywords" content="Springfield, news, sports, opinion, obituaries">', "unknown"),
        (
            '<meta name="keywords" content="news, sports, opinion"><meta property="article:tag" content="Opinion">',
            "opinion",
        ),
        (
            '<meta property="article:tag" content="Harbour"><meta property="article:tag" content="Opinion">',
            "opinion",
        ),
        ('<meta name="news_keywords" content="ferries; politics; news; op-ed">', "opinion"),
    ],
)
def test_the_departments_of_a_site_among_its_keywords_make_no_opinion_of_its_news(head, kind):
    found = article(head)
    assert found.kind == kind


def test_a_separate_label_is_removed_from_the_headline():
    assert strip_kind_label("Opinion | The harbour is not for sale") == "The harbour is not for sale"
    assert strip_kind_label("The harbour is not for sale » Columns") == "The harbour is not for sale"
    assert strip_kind_label("Opinion | The harbour is not for sale | Op-Ed") == "The harbour is not for sale"
    assert strip_kind_label("Guest column: The harbour is not for sale | Opinion") == (
        "Guest column: The harbour is not for sale"
    )
    assert strip_kind_label("Letter: Run the ferry later") == "Letter: Run the ferry later"


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        (" ".join(prose(2)), None, "en"),
        (" ".join(prose(2)), "fr", "en"),
        (
            "Les ports ne sont pas à vendre, et le conseil municipal le sait depuis longtemps déjà, quoi qu'il dise.",
            "en",
            "fr",
        ),
        ("Kurz.", "de-AT", "de"),
        ("", "en_US", "en"),
        ("12 345", None, None),
    ],
)
def test_the_language_is_that_of_the_text_and_in_doubt_that_of_the_page(text, declared, language):
    assert language_of(text, declared) == language


@pytest.mark.parametrize(
    "script",
    [
        "{not json",
        '{"@type": "NewsArticle", "headline": "Trailing comma",}',
        "[" * 5000 + "]" * 5000,
        '<!-- {"@type": "NewsArticle", "headline": "In a comment"} -->',
        '{"@graph": [{"@type": ["Thing", "https://schema.org/NewsArticle"], "headline": {"@value": "Odd"}}]}',
        '{"@type": "NewsArticle", "author": [[["x"]], 7, null], "headline": 5}',
    ],
)
def test_a_page_with_broken_or_odd_structured_data_is_still_read(script):
    assert article(f'<script type="application/ld+json">{script}</script>').word_count > 100


@pytest.mark.parametrize(
    ("url", "following", "goes_on"),
    [
        ("https://gull.example/harbour", "?page=2", True),
        ("https://gull.example/harbour/", "/harbour/2/", True),
        ("https://gull.example/harbour/2", "/harbour/3", True),
        ("https://gull.example/harbour/", "https://gull.example/harbour/page/2/", True),
        ("https://gull.example/harbour.html", "harbour-2.html", True),
        ("https://gull.example/x?id=4", "/x?id=4&page=2", True),
        ("https://gull.example/harbour", "/the-next-article", False),
        ("https://gull.example/essay-1", "/essay-2", False),
        ("https://gull.example/harbour", "/harbour?page=7", False),
        ("https://gull.example/harbour", "http://[", False),
    ],
)
def test_a_page_that_holds_only_a_part_of_its_article_is_not_scored(url, following, goes_on):
    found = explain_page(
        page_of(html_of(prose(), head=f'<link rel="next" href="{following}">'), url=url, kind_hint="opinion")
    )
    if goes_on:
        assert found.outcome is not None
        assert found.outcome.outcome == "low_quality"
        assert "only a part of the article: it goes on at https://gull.example/" in (
            found.outcome.reason or ""
        )
    else:
        assert found.outcome is None


def test_a_headline_behind_a_label_in_the_title_of_the_window_is_not_the_sites_name():
    head = '<meta property="og:title" content="Opinion | What a harbour can cost">'
    page = html_of(prose(), head=head).replace("<title>", "<title>Opinion | ")
    found = explain_page(page_of(page, url=URL)).article
    assert found is not None and found.title == "The harbour is not for sale"
