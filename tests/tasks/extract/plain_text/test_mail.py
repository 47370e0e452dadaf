"""The text of a mail that was saved as a plain text loses the lines of its head, and keeps every word of its body."""

from datetime import UTC, datetime

import pytest

from tasks.extract.extract import explain_page, extract_page
from tasks.extract.plain_text.mail import read_mail
from tests.tasks.pages import page_of, prose

BODY = prose(6)
SENT = """Return-Path: <jane.doe@gull.example>
Received: from mail.gull.example (mail.gull.example [192.0.2.7])
\tby mx.desk.example with ESMTPS; Tue, 3 Nov 2026 09:12:01 +0000
From: Jane Doe <jane.doe@gull.example>
To: desk@ledger.example
Subject: =?utf-8?q?The_ferry_can=E2=80=99t?= wait
Date: Tue, 3 Nov 2026 10:12:00 +0100
Message-ID: <71@gull.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8"""
SAVED = """From:\tJane Doe <jane.doe@gull.example>
Sent:\tTuesday, November 3, 2026 9:12 AM
To:\tDesk
Subject:\tRE: Fwd: The ferry can’t wait"""


@pytest.mark.parametrize("head", [SENT, SAVED], ids=["as it was sent", "as a program saved it"])
@pytest.mark.parametrize("greeting", [[], ["Dear editors"]], ids=["text", "greeting"])
def test_the_head_of_a_mail_gives_title_and_date_and_is_no_part_of_the_text(head: str, greeting: list[str]):
    text = "\n\n".join([head, *greeting, *BODY])
    article = extract_page(page_of(text.replace("\n", "\r\n"), media_type="text/plain"))
    assert article.title == "The ferry can’t wait"
    assert article.published_at == datetime(2026, 11, 3, 9, 12, tzinfo=UTC)
    assert article.text.split("\n")[-len(BODY) :] == BODY
    assert "gull.example" not in f"{article.text} {article.authors} {article.note}"


def test_title_and_byline_at_the_beginning_of_the_body_count_before_the_subject():
    text = "\n\n".join([SAVED, "Keep the ferry\nBy Ada Birch", *BODY])
    article = extract_page(page_of(text, media_type="text/plain"))
    assert (article.title, article.authors, article.text.split("\n")) == (
        "Keep the ferry",
        ("Ada Birch",),
        BODY,
    )


@pytest.mark.parametrize(
    "header", ["Content-Transfer-Encoding: base64", 'Content-Type: multipart/mixed; boundary="b"']
)
def test_a_mail_whose_body_is_coded_is_no_text(header: str):
    head = "\n".join(line for line in SENT.split("\n") if not line.startswith("Content-Type"))
    found = explain_page(page_of(f"{head}\n{header}\n\nVGhlIGZlcnJ5", media_type="text/plain"))
    assert found.outcome is not None
    assert (found.outcome.outcome, "save the text of the mail" in found.outcome.reason) == (
        "extract_failed",
        True,
    )


@pytest.mark.parametrize("missing", ["From", "Sent", "To", "Subject"])
def test_a_head_without_one_of_the_usual_headers_is_the_authors(missing: str):
    head = "\n".join(line for line in SAVED.split("\n") if not line.startswith(missing))
    assert read_mail(f"{head}\n\n{BODY[0]}") is None


@pytest.mark.parametrize(
    "text",
    [
        SAVED,
        f"{SAVED}\n{BODY[0]}\n\n{BODY[1]}",
        f"{BODY[0]}\n{SAVED}\n\n{BODY[1]}",
        f"{SAVED.replace(' <jane.doe@gull.example>', '')}\n\n{BODY[0]}",
        f"{SAVED.replace('Tuesday, November 3, 2026 9:12 AM', 'When the tide is out')}\n\n{BODY[0]}",
    ],
    ids=["no body", "other lines", "not first", "no address", "no date"],
)
def test_a_text_that_only_resembles_a_mail_is_the_authors(text: str):
    assert read_mail(text) is None
