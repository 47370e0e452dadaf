"""The text of a second author is not stored as the first one's."""

from __future__ import annotations

import pytest

from tasks.extract.explanation import Explanation
from tasks.extract.extract import explain_page
from tests.tasks.pages import html_of, page_of, prose

FIRST, SECOND = prose(6, seed=1), prose(4, seed=2)
JANE = '<meta name="author" content="Jane Doe">'
BOTH = JANE + '<meta name="author" content="Bob Smith">'
HEADLINE = "<h2>The stadium was a lie</h2>"
DATE = "<p>May 2, 2026</p>"
UNDATED = "<p>By Bob Smith</p>"
BYLINE = UNDATED + DATE


def explained(after: str, head: str = JANE, first: list[str] = FIRST) -> Explanation:
    return explain_page(page_of(html_of(first, head=head, before="<p>By Jane Doe</p>", after=after)))


def text_of(explanation: Explanation) -> list[str]:
    assert explanation.article is not None
    return explanation.article.text.split("\n")


def flags_of(explanation: Explanation) -> tuple[str, ...]:
    assert explanation.article is not None
    return explanation.article.quality_flags


def tags(paragraphs: list[str]) -> str:
    return "".join(f"<p>{one}</p>" for one in paragraphs)


@pytest.mark.parametrize(
    "above",
    [
        HEADLINE + BYLINE,
        HEADLINE + DATE + UNDATED,
        f"{HEADLINE}<p>By Bob Smith | May 2, 2026</p>",
        "<h2>Was the stadium a lie?</h2>" + BYLINE,
        f"<p>Opinions</p>{HEADLINE}{BYLINE}",
    ],
)
def test_the_next_persons_article_is_cut_off(above: str) -> None:
    explanation = explained(above + tags(SECOND))
    assert text_of(explanation) == FIRST
    assert "several_authors" not in flags_of(explanation)
    assert SECOND[0] in explanation.signals["cut_off"]  # type: ignore[operator]  # a list of paragraphs


def test_the_biography_above_the_next_article_is_a_note() -> None:
    biography = "Jane Doe is a teacher of history at the harbour school."
    explanation = explained(f"<p>{biography}</p>" + HEADLINE + BYLINE + tags(SECOND))
    assert text_of(explanation) == FIRST
    assert explanation.article is not None
    assert explanation.article.note == biography


@pytest.mark.parametrize(
    ("after", "head", "first"),
    {
        "no date, as below the title of a book": (HEADLINE + UNDATED + tags(SECOND), JANE, FIRST),
        "the date of a poem": (
            f"<h3>Sea Fever</h3><p>By John Masefield</p><p>4 January 1917</p>{tags(SECOND)}",
            JANE,
            FIRST,
        ),
        "several titles, as in a column on books": (
            HEADLINE
            + BYLINE
            + tags(SECOND[:2])
            + "<h3>Sea Fever</h3><p>By John Masefield</p>"
            + tags(SECOND[2:]),
            JANE,
            FIRST,
        ),
        "nothing between the texts": (BYLINE + tags(SECOND), JANE, FIRST),
        "a headline that leads to another page": (
            f'<h2><a href="/stadium">The stadium was a lie</a></h2>{BYLINE}{tags(SECOND)}',
            JANE,
            FIRST,
        ),
        "two authors of the page": (HEADLINE + BYLINE + tags(SECOND), BOTH, FIRST),
        "too little above": (HEADLINE + BYLINE + tags(SECOND), JANE, FIRST[:2]),
        "the first author's biography below": (
            HEADLINE + BYLINE + tags(SECOND) + "<p>Jane Doe is a teacher of history at the school.</p>",
            JANE,
            FIRST,
        ),
    }.values(),
)
def test_a_text_of_perhaps_several_authors_is_whole_but_doubtful(
    after: str, head: str, first: list[str]
) -> None:
    explanation = explained(after, head, first)
    assert set(first + SECOND) <= set(text_of(explanation))
    assert "several_authors" in flags_of(explanation)
    assert explanation.article is not None
    assert explanation.article.quality < 0.7


@pytest.mark.parametrize(
    "after",
    [
        "<p>By Jane Doe</p>",
        "<p>By J. Q. Doe</p>",
        "<p>By land or by sea, the harbour waits.</p>",
        "<p>By Election Day, Congress must act.</p>",
    ],
)
def test_a_line_that_names_nobody_else_changes_nothing(after: str) -> None:
    explanation = explained(after + tags(SECOND))
    assert "several_authors" not in flags_of(explanation)
    assert set(FIRST + SECOND) <= set(text_of(explanation))


def test_a_quoted_poem_has_the_poets_name_and_is_the_columns() -> None:
    poem = f"<blockquote><h3>Sea Fever</h3>{UNDATED}<p>I must go down to the seas again.</p></blockquote>"
    explanation = explained(poem + tags(SECOND))
    assert set(FIRST + SECOND) <= set(text_of(explanation))
    assert "several_authors" not in flags_of(explanation)


TO_THE_EDITOR = "To the Editor:"
RE = "Re “The ferry” (news article, May 2):"


@pytest.mark.parametrize("address", [TO_THE_EDITOR, RE, "Re: “The ferry”"])
def test_a_page_of_letters_is_doubtful_if_no_author_is_known(address: str) -> None:
    def flags(paragraphs: list[str], head: str = "") -> tuple[str, ...]:
        return flags_of(explain_page(page_of(html_of(paragraphs, head=head))))

    letters = [SECOND[0], *(line for one in FIRST for line in (address, one))]
    assert "several_authors" in flags(letters)
    assert "several_authors" not in flags([address, *FIRST])
    assert "several_authors" not in flags(letters, JANE)


@pytest.mark.parametrize("form", ["<b>{0}</b>, {1}", "— {0}, {1}", "{0}</p><p>{1}"])
@pytest.mark.parametrize(
    ("title", "number", "head", "several"),
    [
        ("Letters to the editor: The ferry", 3, "", True),
        ("Readers’ letters", 2, "", True),
        ("Letters", 1, "", False),
        ("Letters", 3, JANE, False),
        ("Three people who write letters", 3, "", False),
    ],
)
def test_letters_that_end_with_names_are_doubtful_if_the_title_says_that_they_are_letters(
    form: str, title: str, number: int, head: str, several: bool
) -> None:
    people = [("Jane Doe", "Northport"), ("Bob Smith", "The Island"), ("J. Roe", "Quay Street")]
    letters = [
        line for one, who in zip(FIRST[:number], people, strict=False) for line in (one, form.format(*who))
    ]
    found = flags_of(explain_page(page_of(html_of(["Boats Not Bridges", *letters], title=title, head=head))))
    assert ("several_authors" in found) is several


@pytest.mark.parametrize(
    "stated",
    [
        "Letters to the Editor",
        "Letters",
        "Letter writers",
        "Readers",
        "Our Readers",
        "Readers’ Letters",
        "Opinion",
    ],
)
@pytest.mark.parametrize(
    "head",
    [
        '<meta name="author" content="{}">',
        '<script type="application/ld+json">{{"@type": "NewsArticle", "author": {{"name": "{}"}}}}</script>',
    ],
    ids=["meta", "json-ld"],
)
def test_the_heading_of_a_page_of_letters_is_no_author(stated: str, head: str) -> None:
    letters = [SECOND[0], *(line for one in FIRST for line in (TO_THE_EDITOR, one))]
    explanation = explain_page(page_of(html_of(letters, head=head.format(stated))))
    assert explanation.article is not None
    assert explanation.article.authors == ()
    assert "several_authors" in flags_of(explanation)


def test_a_sentence_that_begins_like_a_letter_is_none() -> None:
    sentences = [f"Re: “The ferry”, of which {one[0].lower()}{one[1:]}" for one in FIRST]
    assert "several_authors" not in flags_of(explain_page(page_of(html_of([SECOND[0], *sentences]))))


def test_a_plain_text_of_two_authors_is_divided_too() -> None:
    text = "\n\n".join(
        [
            "The harbour is not for sale",
            "By Jane Doe",
            *FIRST,
            "The stadium was a lie",
            "By Bob Smith",
            "2 May 2026",
            *SECOND,
        ]
    )
    explanation = explain_page(page_of(text, media_type="text/plain", authors_hint=("Jane Doe",)))
    assert text_of(explanation) == FIRST
