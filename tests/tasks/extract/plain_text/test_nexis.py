"""The text of a document of Nexis loses its labels, and keeps every word of the author."""

from datetime import UTC, datetime

import pytest

from tasks.extract.extract import explain_page
from tasks.extract.plain_text.nexis import read_nexis
from tests.tasks.pages import page_of, prose

BODY = prose(6)
BELOW = """URL: https://gull.example/x

SUBJECT: FERRIES (90%); HARBOURS (88%);
TIMETABLES (70%)

LOAD-DATE: November 13, 2026

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Newspaper

Copyright 2026 The Gull Company
All Rights Reserved"""
LABELLED = """Copyright 2026 The Gull Company

The Harbour Gull

November 12, 2026 Thursday

SECTION: OPINION; Pg. A23

LENGTH: 151 words

HEADLINE: The ferry cannot wait

BYLINE: By JANE DOE

BODY:"""
PRINTED = """                               1 of 1 DOCUMENTS


                              The Harbour Gull

                          November 12, 2026 Thursday
                             Late Edition - Final

The ferry cannot wait

BYLINE: Jane Doe

SECTION: Section A; Column 0; Editorial Desk; OP-ED; Pg. A23

LENGTH: 1,151 words

BODY:"""
SAVED = """The ferry cannot wait
The Harbour Gull
November 12, 2026 Thursday
Late Edition

Copyright 2026 The Gull Company All Rights Reserved
Section: OPINION; Pg. A23
Length: 151 words
Byline: By Jane Doe
Body

"""


@pytest.mark.parametrize("head", [LABELLED, PRINTED, SAVED, f"URL: https://gull.example/x\n\n{LABELLED}"])
@pytest.mark.parametrize("below", [BELOW, "Load-Date: November 13, 2026\n\nEnd of Document", ""])
def test_head_and_index_are_read_and_the_body_is_whole(head, below):
    text = "\n\n".join([head, *BODY, below])
    article = explain_page(page_of(text, media_type="text/plain", url="file:///nexis.txt")).article
    assert article is not None
    assert article.text.split("\n") == BODY
    assert article.title == "The ferry cannot wait"
    assert [name.lower() for name in article.authors] == ["jane doe"]
    assert article.published_at == datetime(2026, 11, 12, tzinfo=UTC)
    assert (article.outlet, article.kind) == ("The Harbour Gull", "opinion")


def test_the_day_of_loading_counts_where_no_other_day_is_stated():
    head = "HEADLINE: The ferry cannot wait\n\nBYLINE: Jane Doe\n\nBODY:"
    fields, body = read_nexis("\n\n".join([head, *BODY, "LOAD-DATE: November 13, 2026"])) or ({}, "")
    assert fields == {"title": "The ferry cannot wait", "author": "Jane Doe", "date": "November 13, 2026"}
    assert body.split("\n\n") == BODY


@pytest.mark.parametrize(
    "head",
    [
        "Title: The ferry\nAuthor: Jane Doe\nDate: 2026-11-12\nSource: The Paper\nLength: 700 words\nBody:",
        "Headline: The ferry\nAuthor: Jane Doe\nDate: 12 November 2026\nSource: The Paper\n\nBody",
        "Headline: The ferry\nByline: Jane Doe\nDate: 12 November 2026\nSection: Opinion\nSource: The Paper\nBody:",
    ],
)
def test_labels_that_people_write_themselves_keep_their_values(head):
    text = "\n\n".join([head, *BODY])
    article = explain_page(page_of(text, media_type="text/plain", url="file:///saved.txt")).article
    assert article is not None
    assert article.text.split("\n") == BODY
    assert (article.title, article.authors) == ("The ferry", ("Jane Doe",))
    assert article.published_at == datetime(2026, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(BODY),
        "\n\n".join(["Headline: The ferry", "Author: Jane Doe", "It floats.", "Body", *BODY]),
        "\n\n".join(["Title: The ferry", "By: Jane Doe", *BODY]),
        "\n\n".join(["The ferry", "Length: it is long, and that is the fault.", "Body", *BODY]),
        "\n\n".join([*BODY, LABELLED, *BODY]),
        "\n\n".join([LABELLED, *BODY, BELOW, LABELLED, *BODY, BELOW]),
        LABELLED,
        "",
    ],
)
def test_other_texts_and_several_documents_stay_as_they_are(text):
    assert read_nexis(text) is None


@pytest.mark.parametrize(
    ("own", "below"),
    [
        ([BODY[0], "Subject: ferries, he wrote above his letter.", BODY[1]], [BELOW]),
        ([*BODY, "City: a word for those who have left it."], []),
    ],
)
def test_a_paragraph_of_the_author_that_begins_like_a_label_stays(own, below):
    _, body = read_nexis("\n\n".join([LABELLED, *own, *below])) or ({}, "")
    assert body.split("\n\n") == own


@pytest.mark.parametrize("below", [BELOW, ""])
def test_the_time_and_the_version_of_a_web_edition_cost_no_field(below: str):
    head = SAVED.replace("Thursday", "Thursday 6:30 PM GMT").replace("Pg. A23", "Version:1")
    text = "\n\n".join([head, *BODY, below])
    article = explain_page(page_of(text, media_type="text/plain", url="file:///n.txt")).article
    assert article is not None
    assert (article.title, article.outlet) == ("The ferry cannot wait", "The Harbour Gull")
    assert (article.section, article.kind) == ("OPINION", "opinion")
    assert article.published_at == datetime(2026, 11, 12, 18, 30, tzinfo=UTC)
