"""A catalogue of bad pages, as they occur on the web, each with its expected outcome.

Every page becomes exactly one article or one outcome with a readable reason. No page raises an exception, and no page
is scored that a person would not call an article.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

import pytest

from tasks.article import Article
from tasks.extract.batch import extract_batch
from tasks.extract.extract import explain_page, extract_page
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Workers
from tasks.outcome import OUTCOMES, Outcome
from tasks.page import Page
from tests.tasks.pages import html_of, page_of, prose

BODY = prose(8)
GOOD = html_of(BODY)
WORDS = " ".join(BODY)


def _links(count: int) -> str:
    return "<ul>" + "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(count)) + "</ul>"


def _bare(body: str, title: str = "The Gull", head: str = "") -> str:
    return f"<!DOCTYPE html><html lang=en><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def _with(head: str) -> str:
    return html_of(BODY, head=head)


WHOLE_IN_JSON = json.dumps({"@type": "NewsArticle", "articleBody": "\n".join(BODY)})


def _data(*nodes: Mapping[str, object]) -> str:
    return f'<script type="application/ld+json">{json.dumps(nodes)}</script>'


_NIGHT = {"@type": "LiveBlogPosting", "headline": "Election night", "datePublished": "2026-11-03T20:00:00Z"}
_ENTRY = {
    "@type": "BlogPosting",
    "headline": "A first result",
    "author": {"name": "Jane Doe"},
    "datePublished": "2026-11-03T21:00:00Z",
    "articleBody": BODY[0],
}
_COLUMN = {"@type": "NewsArticle", "headline": "The harbour is not for sale"}
_ELSEWHERE = {**_NIGHT, "url": "https://gull.example/live/night", "author": {"name": "Jane Doe"}}
LIVE_BLOG = _data(_NIGHT)
LIVE_BLOG_OF_ENTRIES = _data(
    {
        **_NIGHT,
        "url": "https://gull.example/2026/harbour",
        "liveBlogUpdate": [
            {**_ENTRY, "url": f"https://gull.example/2026/harbour#entry-{n}"} for n in range(3)
        ],
    }
)
LIVE_BLOG_TOO = _data(
    {**_ENTRY, "@type": "NewsArticle", "url": "https://gull.example/opinion/night"},
    {**_NIGHT, "url": "https://gull.example/opinion/night"},
)
BESIDE_A_LIVE_BLOG = _data(_COLUMN, _ELSEWHERE)
PART_OF_A_LIVE_BLOG = _data({**_COLUMN, "isPartOf": _ELSEWHERE})
NOISE = bytes(range(256)) * 40
GERMAN = (
    "Die Stadt muss endlich begreifen, dass der Hafen nicht nur den Reedern gehört, sondern uns allen. " * 12
)
MIXED = GOOD.encode().replace(
    b"</article>", "<p>Caf\u00e9 – “quoted”.</p></article>".encode() + b"<p>It\x92s a stray.</p></article>"
)

#: name -> (page, outcome or "article", words that the reason must contain)
CATALOGUE: dict[str, tuple[Page, str, str]] = {
    # nothing there
    "no body": (page_of(None), "extract_failed", "empty"),
    "empty body": (page_of(b""), "extract_failed", "empty"),
    "only spaces": (page_of(b" \r\n\t "), "extract_failed", "empty"),
    "only NULs": (page_of(b"\0" * 500), "extract_failed", "empty"),
    "only an XML declaration": (
        page_of('<?xml version="1.0" encoding="utf-8"?>'),
        "extract_failed",
        "no article text",
    ),
    "only a doctype": (page_of("<!DOCTYPE html>"), "extract_failed", "no article text"),
    "only comments": (page_of(_bare("<!-- " + WORDS + " -->")), "extract_failed", "no article text"),
    "only scripts and styles": (
        page_of(_bare(f"<script>var a='{WORDS}'</script><style>p{{}}</style>")),
        "extract_failed",
        "scripts",
    ),
    "an empty frameset": (
        page_of("<html><frameset><frame src=a.html></frameset></html>"),
        "extract_failed",
        "no article text",
    ),
    # not text at all
    "binary as HTML": (page_of(NOISE), "unsupported_type", "binary"),
    "an image as HTML": (page_of(b"\x89PNG\r\n\x1a\n" + NOISE), "unsupported_type", "binary"),
    "a compressed body left packed": (
        page_of(b"\x1f\x8b\x08\x00" + bytes(n * 7 % 32 for n in range(4000))),
        "unsupported_type",
        "binary",
    ),
    # characters that are no text
    "half a character in JSON-LD": (
        page_of(
            _with(
                '<script type="application/ld+json">{"@type": "NewsArticle", "author": "Ada Birch \\ud83d", '
                '"articleSection": "Opinion \\ud83d", "publisher": {"name": "The Gull \\ud83d"}}</script>'
            )
        ),
        "article",
        "",
    ),
    # encodings
    "UTF-16 with a mark": (page_of(GOOD.replace("utf-8", "utf-16").encode("utf-16")), "article", ""),
    "UTF-16 without a mark": (page_of(GOOD.encode("utf-16-le")), "article", ""),
    "one bad byte in UTF-8": (page_of(GOOD.encode().replace(b"council", b"coun\xffcil", 1)), "article", ""),
    "UTF-8 declared as Latin-1": (
        page_of(_with("<meta name=x content='é – “'>").encode(), charset="iso-8859-1"),
        "article",
        "",
    ),
    "cp1252 declared as UTF-8": (
        page_of(html_of([p + " It’s “so”." for p in BODY]).encode("cp1252"), charset="utf-8"),
        "article",
        "",
    ),
    "two encodings in one page": (page_of(MIXED), "article", ""),
    "an unknown charset": (page_of(GOOD, charset="x-klingon"), "article", ""),
    "NULs among the letters": (page_of(GOOD.replace("council", "coun\0cil")), "article", ""),
    "garbled beyond repair": (
        page_of(html_of([p.replace("e", "\ufffd") for p in BODY])),
        "low_quality",
        "decoded",
    ),
    # broken or hostile markup
    "unclosed tags": (
        page_of("<html><body><article>" + "".join(f"<p>{p}<b><i>" for p in BODY)),
        "article",
        "",
    ),
    "no html or body tag": (page_of("".join(f"<p>{p}</p>" for p in BODY)), "article", ""),
    "20,000 nested tags": (
        page_of(_bare("<div>" * 20_000 + "".join(f"<p>{p}</p>" for p in BODY))),
        "extract_failed",
        "nested",
    ),
    "300,000 paragraphs": (page_of(_bare("<p>word</p>" * 300_000)), "extract_failed", "tags"),
    "one line of 200 kB": (page_of(html_of([" ".join(prose(1, sentences=2_000))])), "article", ""),
    "a text of half a megabyte": (page_of(html_of(prose(20, sentences=300))), "too_large", ""),
    "one word of a megabyte": (
        page_of(html_of(["a" * 1_000_000])),
        "extract_failed|too_short|low_quality",
        "",
    ),
    "an attribute of a megabyte": (
        page_of(html_of(BODY, before=f'<img alt="{"x" * 1_000_000}">')),
        "article",
        "",
    ),
    "1,000 deep JSON-LD": (
        page_of(_with(f'<script type="application/ld+json">{"[" * 1000}{"]" * 1000}</script>')),
        "article",
        "",
    ),
    "a billion laughs": (
        page_of(
            '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><html><body>&b;</body></html>'
        ),
        "extract_failed|too_short",
        "",
    ),
    "a base that points elsewhere": (page_of(_with('<base href="http://evil.example/">')), "article", ""),
    # pages that are no article
    "a page built by scripts": (
        page_of(
            _bare(
                '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript>'
                + "<script src=a.js></script>" * 5
            )
        ),
        "extract_failed",
        "scripts",
    ),
    "a script page with its article in JSON-LD": (
        page_of(
            _bare(
                '<div id="root"></div>',
                head=f'<script type="application/ld+json">{WHOLE_IN_JSON}</script>',
            )
        ),
        "article",
        "",
    ),
    "a cookie wall": (
        page_of(
            _bare(
                "<h1>Before you continue</h1><p>We and our partners use cookies. We value your privacy.</p>"
                "<p>Manage preferences, accept all or reject all. See our cookie policy and privacy policy.</p>"
            )
        ),
        "low_quality",
        "consent",
    ),
    "a soft 404": (
        page_of(
            _bare(
                "<h1>Page not found</h1><p>Sorry, the page you are looking for could not be found.</p>",
                title="404 - The Gull",
            )
        ),
        "low_quality",
        "error page",
    ),
    "a withdrawn article": (
        page_of(_bare("<h1>Sorry</h1><p>This article is no longer available.</p>")),
        "low_quality",
        "error page",
    ),
    # answers for programs
    **{
        f"{what} as {media_type}": (page_of(body, media_type=media_type), "unsupported_type", reason)
        for what, body, reason in (
            ("JSON", json.dumps({"id": 5, "content": {"rendered": GOOD}}), "JSON"),
            ("a list in JSON", json.dumps([{"text": WORDS}]), "JSON"),
            (
                "a feed",
                f'<?xml version="1.0"?><!-- made by hand -->\n<rss><item>{WORDS}</item></rss>',
                "a feed",
            ),
            ("a sitemap", f"<urlset><url>{WORDS}</url></urlset>", "a sitemap"),
        )
        for media_type in ("text/html", "text/plain", "application/xml", "application/json")
    },
    "another XML": (page_of(f"<nitf>{WORDS}</nitf>", media_type="text/xml"), "unsupported_type", "XML"),
    "a page of XHTML that is served as XML": (
        page_of(
            '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">'
            + GOOD.removeprefix("<!DOCTYPE html>"),
            media_type="application/xml",
        ),
        "article",
        "",
    ),
    "a text that begins with a bracket": (
        page_of("[It was a cold night.]\n\n" + "\n\n".join(BODY), media_type="text/plain"),
        "article",
        "",
    ),
    "a bot check": (
        page_of(
            _bare(
                "<h1>Just a moment...</h1><p>Checking your browser before you reach gull.example. Ray ID: 77</p>",
                title="Just a moment...",
            )
        ),
        "low_quality",
        "bot check",
    ),
    "a paywall stub": (
        page_of(
            html_of(BODY[:1], after="<p>Subscribe now to continue reading. Already a subscriber? Log in.</p>")
        ),
        "low_quality",
        "paywall",
    ),
    "a paywall that JSON-LD confesses": (
        page_of(
            html_of(
                BODY[:1],
                head='<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>',
            )
        ),
        "low_quality",
        "paywall",
    ),
    "a teaser": (
        page_of(html_of([*BODY[:2], BODY[2][:60] + "..."], after="<p>Read more</p>")),
        "low_quality",
        "",
    ),
    "only navigation": (page_of(_bare(_links(200))), "extract_failed|low_quality|too_short", ""),
    "a section page of headlines": (
        page_of(_bare("".join(f"<h2><a href=/{n}>Ferry number {n}</a></h2>" for n in range(60)))),
        "extract_failed|low_quality|too_short",
        "",
    ),
    "a login form": (
        page_of(_bare("<form><input name=user><input type=password><button>Log in</button></form>")),
        "extract_failed|low_quality",
        "",
    ),
    "a redirect by meta refresh": (
        page_of(_bare("", head='<meta http-equiv="refresh" content="0;url=/x">')),
        "extract_failed",
        "",
    ),
    "addresses that are none": (
        page_of(
            html_of(BODY, head='<link rel="canonical" href="http://["><link rel="next" href="http://[::1">')
        ),
        "article",
        "",
    ),
    "an AMP page": (
        page_of(html_of(BODY, head="<style amp-boilerplate></style>").replace("<html", "<html amp")),
        "article",
        "",
    ),
    "the first page of three": (
        page_of(html_of(BODY, head='<link rel="next" href="?page=2">')),
        "low_quality",
        "it goes on at",
    ),
    "a live blog": (
        page_of(
            html_of(BODY, head='<script type="application/ld+json">{"@type":"LiveBlogPosting"}</script>')
        ),
        "not_commentary",
        "LiveBlogPosting",
    ),
    "a live blog in a folder of opinion": (
        page_of(_with(LIVE_BLOG), url="https://gull.example/opinion/live/2026/night", kind_hint="opinion"),
        "not_commentary",
        "LiveBlogPosting",
    ),
    "a live blog whose entries have addresses in the page": (
        page_of(_with(LIVE_BLOG_OF_ENTRIES)),
        "not_commentary",
        "LiveBlogPosting",
    ),
    "a column of which the data name a live blog too": (
        page_of(_with(BESIDE_A_LIVE_BLOG), url="https://gull.example/opinion/live/harbour"),
        "article",
        "",
    ),
    "a column that is a part of a live blog": (
        page_of(_with(PART_OF_A_LIVE_BLOG), url="https://gull.example/opinion/harbour"),
        "article",
        "",
    ),
    "a graph that refers to itself": (
        page_of(
            html_of(
                BODY,
                head='<script type="application/ld+json">{"@graph":[{"@id":"#a","sameAs":{"@id":"#a"}},'
                '{"@type":"Article","author":[{"@id":"#a"},null,{"name":null},7]}]}</script>',
            )
        ),
        "article",
        "",
    ),
    # too little, too much of the same, not for us
    "a caption and no article": (
        page_of(html_of(["The quay at dawn. /PNA"])),
        "too_short|extract_failed",
        "",
    ),
    "a single sentence": (page_of(html_of([BODY[0].split(". ")[0] + "."])), "too_short", "words"),
    "the same paragraph forty times": (page_of(html_of([BODY[0]] * 40)), "low_quality|too_short", ""),
    "a page in German": (page_of(html_of([GERMAN], lang="de")), "unsupported_language", "de"),
    "a page in Chinese": (
        page_of(html_of(["港口不出售，市议会应该明白这一点，我们大家都在等待答案。" * 20], lang="zh")),
        "unsupported_language",
        "zh",
    ),
    "German text on an English template": (
        page_of(html_of([GERMAN], lang="en")),
        "unsupported_language",
        "de",
    ),
    "a news agency's report": (
        page_of(html_of(["PORT AMITY, Nov 3 (Reuters) - " + BODY[0], *BODY[1:]])),
        "not_commentary",
        "dateline",
    ),
    "rows of digits": (
        page_of(html_of([" ".join(str(n * 7919) for n in range(300))])),
        "low_quality|extract_failed|unsupported_language|too_short",
        "",
    ),
    # plain text
    "a cell without a text": (
        page_of("full text not available", media_type="text/plain"),
        "too_short",
        "4 words; at least",
    ),
    "a text of one line": (page_of("Keep the ferry.", media_type="text/plain"), "too_short", "words"),
    "a text in lone surrogates' clothing": (
        page_of(WORDS.encode() + b"\xed\xa0\x80", media_type="text/plain"),
        "article",
        "",
    ),
    "HTML served as plain text": (page_of(GOOD, media_type="text/plain"), "article", ""),
    "Markdown of nothing but marks": (
        page_of("# \n\n---\n\n![](a.png)\n", media_type="text/markdown"),
        "extract_failed",
        "no text",
    ),
    "binary as plain text": (page_of(NOISE, media_type="text/plain"), "unsupported_type", "binary"),
}


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_bad_page_has_its_expected_outcome(name):
    page, expected, reason = CATALOGUE[name]
    started = time.process_time()
    result = extract_page(page)
    ended = "article" if isinstance(result, Article) else result.outcome
    assert ended in expected.split("|"), result
    if isinstance(result, Article):
        result.text.encode("utf-8")
        assert "\0" not in result.text
        assert result.word_count > 50
    else:
        assert reason in result.reason
        assert result.reason[0].isalnum()
        assert result.stage == "extract"
    assert time.process_time() - started < 20


def test_the_catalogue_is_long_enough():
    assert len(CATALOGUE) >= 50


def test_a_batch_of_all_of_them_gives_one_result_each():
    pages = [page for name, (page, _, _) in CATALOGUE.items() if "000" not in name and "megabyte" not in name]
    with Workers(ExtractSettings(workers=2, page_seconds=60)) as workers:
        articles, outcomes = extract_batch(pages, workers)
    assert len(articles) + len(outcomes) == len(pages)


def test_a_live_blog_that_is_also_called_an_article_is_one():
    """It is not in the catalogue, whose pages a night fetches from other addresses than those in their data."""
    ended = extract_page(page_of(_with(LIVE_BLOG_TOO), url="https://gull.example/opinion/night"))
    assert not isinstance(ended, Article)
    assert (ended.outcome, "LiveBlogPosting" in ended.reason) == ("not_commentary", True)


def test_an_essay_about_cookies_and_paywalls_is_an_essay():
    essay = [
        *prose(6, seed=3),
        "We use cookies, they say, and they value your privacy. Accept all, reject all: that is the choice.",
        "Subscribe to continue reading, says the next page. The page you want could not be found, says the third.",
        *prose(6, seed=4),
    ]
    article = extract_page(page_of(html_of(essay, title="Page not found: what we lost with the open web")))
    assert isinstance(article, Article)
    assert article.quality > 0.7


@pytest.mark.parametrize(
    ("own", "below"),
    [
        ("The clerk is still taking names. Register by Monday to keep your vote, and then use it.", ""),
        ("Register at the town hall to read the plan, and sign in to view the ballot boxes.", ""),
        ("I am already a member of the union, and you have reached the limit of my patience.", ""),
        ("The harbour has a members-only club, and nobody else may swim there.", ""),
        ("", "<p>Subscribe to our newsletter to keep up with campus news.</p>"),
        ("", "<p>Subscribe to our newsletter to read our analysis every morning.</p>"),
        ("I subscribe to the view that for the ferry to continue, we must pay for it.", ""),
        ("Register your protest for the ferry to continue with its work for the island.", ""),
        ("Nobody should register for the talks to continue for another year.", ""),
        ("", "<p>Sign in to view your saved places.</p>"),
        ("", "<p>Log in to view your subscription.</p>"),
        ("This column is for members of Congress who have never taken the ferry, and for their friends.", ""),
        ("This page is for subscribers to the old creed, and I am already a paid member of the new one.", ""),
    ],
)
def test_a_whole_short_piece_is_not_taken_for_the_beginning_of_one(own, below):
    short = prose(2, seed=5)
    article = extract_page(page_of(html_of([short[0], *([own] if own else []), short[1]], after=below)))
    assert isinstance(article, Article)
    assert article.quality > 0.7
    assert "paywall" not in article.quality_flags


@pytest.mark.parametrize(
    "wall",
    [
        "Subscribe to read.",
        "Log in to read more",
        "Register to unlock this article and three more.",
        "Create a free account to access unlimited stories.",
        "Subscribe to finish this column.",
        "Already a subscriber? Log in",
        "You have reached your limit of free articles.",
        "This story is for subscribers.",
        "Members only",
        "Subscribe to read the full text",
        "Sign in to read the full text of this debate.",
        "Subscribe to continue for $1 a week.",
        "Subscribe to continue with a free trial.",
        "Subscribe now to access all of our opinion and analysis.",
        "Register for free to continue, or log in if you have an account.",
        "Log in or subscribe to read the rest of the opinion section.",
        "Subscribe to The Sentinel to unlock everything we publish.",
        "Become a member to read on.",
        "You've reached your limit. Subscribe today.",
        "This is subscriber-only content.",
        "This post is for paid subscribers",
        "This column is for subscribers.",
        "This episode is only available to our paying members.",
        "Already a paid subscriber? Sign in",
    ],
)
def test_a_paywall_is_known_by_its_words_although_the_text_ends_with_a_sentence(wall):
    outcome = extract_page(page_of(html_of(prose(2, seed=5), after=f"<p>{wall}</p>")))
    assert isinstance(outcome, Outcome)
    assert "a paywall" in (outcome.reason or "")


NOT_FREE = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
#: Of this length, a text may be a whole piece or the beginning of one.
BEGINNING = prose(4)


@pytest.mark.parametrize("body", [prose(2), BEGINNING], ids=["few words", "more words"])
@pytest.mark.parametrize(
    "wall",
    [
        "<p>Subscribe to continue reading.</p>",
        "<div><h2>This post is for paid subscribers</h2><a href='/in'>Already a paid subscriber? Sign in</a></div>",
    ],
)
def test_a_wall_right_below_the_text_of_a_page_that_is_not_free_is_a_paywall(body, wall):
    outcome = extract_page(page_of(html_of(body, head=NOT_FREE, after=wall)))
    assert isinstance(outcome, Outcome)
    assert (outcome.outcome, "a paywall" in (outcome.reason or "")) == ("low_quality", True)


@pytest.mark.parametrize(
    "closed",
    ["This post is for paying subscribers only", "This post is for subscribers on the Harbour tier only"],
)
def test_a_box_that_says_that_the_piece_is_for_subscribers_is_a_paywall(closed):
    """The box stands beside the text, in an element that extractors leave out, and nothing says that it is not free."""
    box = f"<aside><h2>{closed}</h2><a href='/in'>Subscribe now</a></aside>"
    outcome = extract_page(page_of(html_of(prose(3), after=box)))
    assert isinstance(outcome, Outcome)
    assert (outcome.outcome, "a paywall" in (outcome.reason or "")) == ("low_quality", True)


LOCKED = '<meta property="article:content_tier" content="locked">'
OFFERS = "<aside><h2>Choose your plan</h2><p>Digital: £5 a month</p></aside>"


@pytest.mark.parametrize("head", [NOT_FREE, LOCKED], ids=["not free", "locked"])
@pytest.mark.parametrize(
    "after",
    [
        OFFERS,
        "<aside><p>Subscribe now for £1</p></aside>",
        "<aside><p>Subscribe now for £12.50</p></aside>",
        "<aside><p>Digital: £10/month</p></aside>",
    ],
)
def test_an_offer_right_below_a_few_words_that_are_not_free_is_a_paywall(head, after):
    outcome = extract_page(page_of(html_of(prose(2), head=head, after=after)))
    assert isinstance(outcome, Outcome)
    assert "a paywall" in (outcome.reason or "")


@pytest.mark.parametrize(
    ("head", "after"),
    [
        ("", OFFERS),
        (LOCKED.replace("locked", "metered"), OFFERS),
        (LOCKED, ""),
        (NOT_FREE, "<p>It would have cost the harbour £9 a head.</p>"),
    ],
    ids=["nothing stated", "metered", "no offer", "another price"],
)
def test_a_short_piece_without_an_offer_or_a_statement_is_stored(head, after):
    assert isinstance(extract_page(page_of(html_of(prose(2), head=head, after=after))), Article)


ABOUT_WALLS = (
    "“Subscribe to continue reading,” says every paper that I open, and I wonder who is left to read what the council"
    " has decided about the harbour, the ferry and the rent."
)
FOOTER = (
    "<footer><p>"
    + "The Gull has been printed on Quay Street since 1881. " * 8
    + "Already a subscriber? Log in</p></footer>"
)


@pytest.mark.parametrize(
    ("own", "around"),
    [
        ([], {"before": "<p>Already a subscriber? Log in</p>"}),
        ([], {"after": FOOTER}),
        (
            [],
            {
                "after": "<p>Already a subscriber? Log in.</p><p>Subscribe to read all comments on this article.</p>"
            },
        ),
        ([], {"after": "<p>Subscribe to our newsletter, and never miss a column.</p>"}),
        ([ABOUT_WALLS], {}),
        ([ABOUT_WALLS, "I will not."], {}),
    ],
    ids=["above", "far below", "comments", "a newsletter", "the author's", "the author's last but one"],
)
def test_a_whole_short_piece_on_a_page_that_is_not_free_is_stored(own, around):
    assert isinstance(extract_page(page_of(html_of([*BEGINNING, *own], head=NOT_FREE, **around))), Article)


def test_a_longer_text_above_a_wall_is_stored_with_a_doubt():
    article = extract_page(
        page_of(html_of(prose(8), head=NOT_FREE, after="<p>Subscribe to continue reading.</p>"))
    )
    assert isinstance(article, Article)
    assert "paywall" in article.quality_flags


_ITSELF = {"@type": "CollectionPage", "@id": "https://gull.example/2026/harbour/", "name": "Opinion"}


@pytest.mark.parametrize("kind", ["CollectionPage", "ProfilePage"])
def test_a_page_that_calls_itself_a_list_is_no_article(kind):
    graph = {"@graph": [{**_ITSELF, "@type": kind}, {"@type": "Person", "name": "Jane Doe"}]}
    outcome = extract_page(page_of(html_of(BODY, head=_data(graph))))
    assert isinstance(outcome, Outcome)
    assert (outcome.outcome, kind in (outcome.reason or "")) == ("low_quality", True)


@pytest.mark.parametrize(
    "nodes",
    [
        [_ITSELF, _COLUMN],
        [{"@type": "WebPage", "isPartOf": {**_ITSELF, "@id": "https://gull.example/opinion/"}}],
    ],
    ids=["an article too", "the section of the page"],
)
def test_a_list_beside_an_article_does_not_make_the_page_a_list(nodes):
    assert isinstance(extract_page(page_of(html_of(BODY, head=_data(*nodes)))), Article)


def test_an_invitation_below_a_text_that_stops_early_is_a_paywall():
    first, second = prose(2, seed=5)
    cut = [first, second[: second.rindex(" ")]]
    outcome = extract_page(page_of(html_of(cut, after="<p>Sign in to view the places you saved.</p>")))
    assert isinstance(outcome, Outcome)
    assert "a paywall" in (outcome.reason or "")


@pytest.mark.parametrize(
    "final",
    [
        "https://consent.gull.example/start?session=1",
        "https://gull.example/login/start?next=%2Fopinion%2Fferry",
    ],
)
def test_a_page_for_consent_to_which_a_site_redirects_is_no_article_whatever_it_says_of_itself(final):
    asked = "https://gull.example/opinion/ferry"
    page = page_of(
        _with(f'<link rel="canonical" href="{final.partition("?")[0]}">'), url=asked, kind_hint="opinion"
    )
    assert isinstance(extract_page(page), Article), "without a redirect it would be one"
    page.final_url = final
    outcome = extract_page(page)
    assert isinstance(outcome, Outcome)
    assert (outcome.url, outcome.outcome) == (asked, "low_quality")
    assert "/start" in outcome.reason


TEASERS = _bare(
    "<main><h1>Opinion</h1>"
    + "".join(
        f"<h2><a href='/2026/11/{n}/a-piece'>A piece</a></h2><p>{one}</p>" for n, one in enumerate(BODY)
    )
    + "</main>"
)


def _redirected(body: str, final: str, asked: str = "https://gull.example/2026/11/12/harbour-sale") -> Page:
    page = page_of(body, url=asked)
    page.final_url = final
    return page


@pytest.mark.parametrize(
    ("final", "where"),
    [
        ("https://gull.example/opinion", "a section"),
        ("https://www.gull.example/opinion/columns/?utm_source=gone", "a section"),
        ("https://gull.example/", "its front page"),
    ],
)
def test_the_teasers_to_which_a_site_redirects_from_an_article_are_no_article(final, where):
    outcome = extract_page(_redirected(TEASERS, final))
    assert isinstance(outcome, Outcome)
    assert outcome.outcome == "low_quality"
    assert f"the site led to {where} instead" in (outcome.reason or "")


def test_a_temporary_redirect_from_an_article_to_the_front_page_is_tried_again():
    page = _redirected(TEASERS, "https://gull.example/")
    page.redirected_for_now = True
    outcome = extract_page(page)
    assert isinstance(outcome, Outcome)
    assert OUTCOMES[outcome.outcome].retryable
    assert outcome.reason == "the site led to its front page instead: gull.example, by a temporary redirect"


@pytest.mark.parametrize(
    "final",
    [
        "https://gull.example/opinion/harbour-sale-1234",
        "https://gull.example/opinion/ferry",
        "https://gull.example/2026/11/12/editorial",
        "https://gull.example/the-column-that-nobody-wanted",
        "https://gull.example/?p=1912",
        "https://gull.example/opinion?id=7",
        "https://harbour-sale.example/",
    ],
)
def test_another_address_of_an_article_behind_a_redirect_is_that_of_the_article(final):
    assert isinstance(extract_page(_redirected(GOOD, final)), Article)


@pytest.mark.parametrize("asked", ["https://gull.example/r/1", "https://gull.example/letters-to-the-editor"])
def test_only_from_the_address_of_an_article_a_section_is_another_page(asked):
    assert isinstance(extract_page(_redirected(GOOD, "https://gull.example/letters", asked)), Article)


def test_a_page_in_xml_that_declares_entities_is_read():
    declared = "<!DOCTYPE html [ <!ENTITY nbsp '&#160;'> ]>"
    page = html_of(prose(8)).replace("<!DOCTYPE html>", declared)
    assert isinstance(extract_page(page_of(page, media_type="application/xml")), Article)


def test_news_is_kept_where_the_configuration_wants_it():
    page = page_of(html_of(["PORT AMITY, Nov 3 (Reuters) - " + BODY[0], *BODY[1:]]))
    assert isinstance(
        extract_page(page, ExtractSettings(keep=("news", "opinion", "unknown")).requirements), Article
    )


def test_other_languages_are_kept_where_the_configuration_wants_them():
    assert isinstance(
        extract_page(
            page_of(html_of([GERMAN, GERMAN[50:]], lang="de")), ExtractSettings(languages=()).requirements
        ),
        Article,
    )


def test_the_explanation_names_every_signal_behind_the_verdict():
    explained = explain_page(CATALOGUE["a paywall stub"][0])
    assert explained.outcome is not None
    assert explained.signals["paywall"] == 1.0
    assert explained.signals["cost_paywall"] == 0.5
    assert {"encoding", "extractor", "agreement", "page_share", "duplicate_share", "consent_share"} <= set(
        explained.signals
    )
