"""Block quotes of a page are between quotation marks if somebody else wrote them; pull quotes are no text."""

from __future__ import annotations

import pytest

from models.quotes import quoted_spans
from tasks.article import Article
from tasks.extract.extract import explain_page
from tests.tasks.pages import html_of, page_of, prose

BODY = prose(8)
FIRST = "A cap is theft with a municipal letterhead. It destroys the homes that it claims to protect."
SECOND = "The mayor should have the courage to abolish it outright, and so should the rest of you."
INTRODUCTION = "Last spring the mayor put the other side in an open letter."


def article_with(quote: str, introduction: str = INTRODUCTION, head: str = "") -> Article:
    page = html_of([*BODY[:3], introduction, "@QUOTE@", *BODY[3:]], head=head)
    article = explain_page(page_of(page.replace("<p>@QUOTE@</p>", quote))).article
    assert article is not None
    return article


def lines_beside_body(article: Article) -> list[str]:
    return [line for line in article.text.split("\n") if line not in BODY and line != INTRODUCTION]


@pytest.mark.parametrize(
    ("quote", "expected"),
    {
        "one paragraph": (f"<blockquote><p>{FIRST}</p></blockquote>", [f"“{FIRST}”"]),
        "two paragraphs": (
            f"<blockquote><p>{FIRST}</p><p>{SECOND}</p></blockquote>",
            [f"“{FIRST}”", f"“{SECOND}”"],
        ),
        "bare text with breaks": (
            f"<blockquote>{FIRST}<br><br>{SECOND}</blockquote>",
            [f"“{FIRST}”", f"“{SECOND}”"],
        ),
        "markup inside": (
            f"<blockquote><em>{FIRST}</em> <a href=/x>{SECOND}</a></blockquote>",
            [f"“{FIRST} {SECOND}”"],
        ),
        "a quote in a quote": (
            f"<blockquote><p>{FIRST} “Rents fell,” he said.</p></blockquote>",
            [f"“{FIRST} ‘Rents fell,’ he said.”"],
        ),
        "with the person quoted": (
            f"<blockquote><p>{FIRST}</p><cite>Mayor Thomas Reed, March 3</cite></blockquote>",
            [f"“{FIRST}”", "Mayor Thomas Reed, March 3"],
        ),
        "a quoted post": (
            f'<blockquote class="twitter-tweet"><p>{FIRST}</p>&mdash; Reed (@reed) <a href="/y">May 2</a></blockquote>',
            [f"“{FIRST}”", "— Reed (@reed) May 2"],
        ),
        "marks of its own": (f"<blockquote><p>“{FIRST}”</p></blockquote>", [f"“{FIRST}”"]),
        "marks around all paragraphs": (
            f"<blockquote><p>“{FIRST}</p><p>{SECOND}”</p></blockquote>",
            [f"“{FIRST}”", f"“{SECOND}”"],
        ),
        "speech told in between": (
            f"<blockquote><p>“{FIRST}” the mayor wrote.</p></blockquote>",
            [f"“{FIRST}” the mayor wrote."],
        ),
    }.values(),
)
def test_a_block_quote_is_between_marks(quote: str, expected: list[str]) -> None:
    assert lines_beside_body(article_with(quote)) == expected


def test_a_block_quote_counts_as_the_words_of_others() -> None:
    article = article_with(f"<blockquote><p>{FIRST}</p></blockquote>")
    assert f"“{FIRST}”" in [article.text[start:end] for start, end in quoted_spans(article.text)]


@pytest.mark.parametrize(
    "pulled",
    [
        "<blockquote><p>{}</p></blockquote>",
        '<blockquote class="wp-block-pullquote">{}</blockquote>',
        '<div class="pullquote"><p>{}</p></div>',
        '<div class="pull-quote"><span class="pull-quote__text">{}</span></div>',
        '<figure class="wp-block-pullquote"><blockquote><p>{}</p></blockquote></figure>',
        "<blockquote>“{}”</blockquote>",
    ],
)
@pytest.mark.parametrize("words", [BODY[1], BODY[1].split(". ")[0] + "."], ids=["a paragraph", "a sentence"])
def test_a_pull_quote_is_left_out_because_it_repeats(pulled: str, words: str) -> None:
    article = article_with(pulled.format(words.removesuffix(".") if "“" in pulled else words))
    assert [line for line in article.text.split("\n") if line != INTRODUCTION] == BODY


def test_a_pull_quote_that_repeats_nothing_stays_as_it_is() -> None:
    article = article_with(f'<blockquote class="pullquote"><p>{FIRST}</p></blockquote>')
    assert lines_beside_body(article) == [FIRST]


def test_a_quotation_that_the_author_takes_apart_stays() -> None:
    answer = "It is no “theft with a municipal letterhead”, and no cap “destroys the homes that it claims to protect”."
    quote = f"<blockquote><p>{FIRST}</p></blockquote><p>{answer}</p>"
    assert lines_beside_body(article_with(quote)) == [f"“{FIRST}”", answer]


def test_the_authors_own_earlier_words_are_not_those_of_others() -> None:
    quote = f"<blockquote><p>{FIRST}</p><footer>Jane Doe, in May</footer></blockquote>"
    article = article_with(quote, head='<meta name="author" content="Jane Doe">')
    assert FIRST in article.text.split("\n")


NEUTRAL = "The ferry was late again, and nobody was there to hear about it."
SENTENCE = "A boat is not a luxury but a road on the water."
CALL_OUTS = ["Closing the ferry will harm the town for a generation.", "Cheap is not the same as free."]


@pytest.mark.parametrize("said", ["I will not vote for it.", SENTENCE])
def test_a_sentence_in_larger_letters_is_the_authors(said: str) -> None:
    assert lines_beside_body(article_with(f"<blockquote>{said}</blockquote>", NEUTRAL)) == [NEUTRAL, said]


@pytest.mark.parametrize(
    "above",
    [
        "So here is what I propose to the council:",
        "As I wrote in this column in 2019:",
        "The council has no plan. We need three things.",
        "It is simple. My proposal to the mayor is this:",
        "The mayor says that there is no money. This is what I would do in his place:",
    ],
)
def test_words_that_the_author_announces_as_their_own_stay_without_marks(above: str) -> None:
    quote = (
        f"<blockquote><p>{FIRST}</p><p>{SECOND}</p></blockquote><blockquote><p>{SENTENCE}</p></blockquote>"
    )
    assert lines_beside_body(article_with(quote, above)) == [above, FIRST, SECOND, SENTENCE]


@pytest.mark.parametrize(
    "above", ["I asked the mayor in May. He answered:", "We met on Monday. The mayor said no."]
)
def test_words_of_others_are_marked_although_the_author_speaks_before(above: str) -> None:
    assert lines_beside_body(article_with(f"<blockquote><p>{FIRST}</p></blockquote>", above)) == [
        above,
        f"“{FIRST}”",
    ]


def article_of_parts(*parts: str) -> list[str]:
    page = html_of(["@ALL@"]).replace("<p>@ALL@</p>", "".join(parts))
    article = explain_page(page_of(page)).article
    assert article is not None
    return article.text.split("\n")


def in_block(*paragraphs: str, kind: str = "") -> str:
    return f"<blockquote{kind}>" + "".join(f"<p>{one}</p>" for one in paragraphs) + "</blockquote>"


@pytest.mark.parametrize(
    ("before", "after"),
    [(in_block(FIRST), ""), ("", in_block(FIRST)), ("", in_block(FIRST, SECOND))],
    ids=["standfirst", "conclusion", "conclusion of two paragraphs"],
)
def test_the_first_and_the_last_paragraph_stay_without_marks_if_nobody_is_named(
    before: str, after: str
) -> None:
    text = article_of_parts(before, *(f"<p>{one}</p>" for one in BODY), after)
    assert FIRST in text
    assert not any("“" in line for line in text)


def test_the_last_paragraph_is_marked_if_it_is_announced() -> None:
    text = article_of_parts(*(f"<p>{one}</p>" for one in [*BODY, "The mayor answered me:"]), in_block(FIRST))
    assert text[-1] == f"“{FIRST}”"


def test_a_large_quote_of_wordpress_is_a_pull_quote() -> None:
    quote = in_block(FIRST, kind=' class="wp-block-quote is-style-large"')
    assert lines_beside_body(article_with(quote)) == [FIRST]


QUESTIONS = [
    "Why did the council vote to close the ferry after ninety years?",
    "What would the harbour master do with the boat if he were given it?",
    "How long would it take for the loan to be repaid? Some say that it never will be.",
]


@pytest.mark.parametrize("series", [QUESTIONS, [SENTENCE, *CALL_OUTS]], ids=["an interview", "call-outs"])
def test_questions_and_sentences_in_larger_letters_stay_without_marks(series: list[str]) -> None:
    parts = [
        part for one, own in zip(series, BODY, strict=False) for part in (f"<p>{own}</p>", in_block(one))
    ]
    text = article_of_parts(*parts, *(f"<p>{one}</p>" for one in BODY[3:]))
    assert set(series) <= set(text)


@pytest.mark.parametrize(
    "page",
    [
        html_of(["@ALL@"]).replace(
            "<p>@ALL@</p>", "<blockquote>" + "".join(f"<p>{one}</p>" for one in BODY) + "</blockquote>"
        ),
        html_of(["@ALL@"]).replace(
            "<p>@ALL@</p>", "".join(f"<blockquote>{one}</blockquote>" for one in BODY)
        ),
        html_of(["@ALL@"]).replace(
            "<p>@ALL@</p>",
            "".join(
                f"<p>{one}</p><blockquote><p>Summary {one[:90]} indeed, too.</p></blockquote>" for one in BODY
            ),
        ),
    ],
    ids=["one around everything", "one around each paragraph", "labelled boxes"],
)
def test_block_quotes_that_are_the_layout_of_a_page_are_left_alone(page: str) -> None:
    article = explain_page(page_of(page)).article
    assert article is not None
    assert "“" not in article.text
    assert set(BODY) <= set(article.text.split("\n"))


THEIRS = [
    "For thirty years this city has argued about rents as if they were a question of temperament, not of arithmetic.",
    "I have lived in the same four rooms since 1991. Three landlords came and went, and none of them was a villain.",
    "Tenants who cannot plan more than a year ahead do not join school boards, plant gardens or report broken lamps.",
    "The stadium subsidy alone would pay for forty inspectors for a decade. The choice is ours on Tuesday morning.",
]
OURS = [
    "That is a strange sentence from a man who has never had to choose between the gas bill and the bus fare to work.",
    "He leaves out the years when the index was tried in the next county, where every owner with a lawyer gamed it.",
    "Here the column turns to history. It was arson that emptied the river wards, and no ordinance burned a staircase.",
    "Forty or four hundred of them cannot inspect what has been knocked down. Vote against it, and build homes.",
]


def test_a_piece_that_answers_each_paragraph_of_another_keeps_both_apart() -> None:
    both = "".join(
        f"<blockquote><p>{a}</p></blockquote><p>{b}</p>" for a, b in zip(THEIRS, OURS, strict=True)
    )
    article = explain_page(page_of(html_of(["@ALL@"]).replace("<p>@ALL@</p>", both))).article
    assert article is not None
    expected = [line for a, b in zip(THEIRS, OURS, strict=True) for line in (f"“{a}”", b)]
    assert article.text.split("\n") == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<q>no roof at all</q>", "“no roof at all”"),
        ('<q cite="/x">no <b>roof</b> at all</q>', "“no roof at all”"),
        ("<q>she said <q>no roof</q> twice</q>", "“she said ‘no roof’ twice”"),
        ("<q>“no roof at all”</q>", "“no roof at all”"),
    ],
)
def test_an_inline_quote_has_marks_and_stays_in_its_sentence(markup: str, expected: str) -> None:
    article = article_with("", f"The mayor promised the families {markup} in his letter, and kept his word.")
    [line] = lines_beside_body(article)
    assert line == f"The mayor promised the families {expected} in his letter, and kept his word."
