"""The agreement of two extractors is the confidence in a text, if both looked at the body."""

from __future__ import annotations

from tasks.extract.extract import explain_page
from tests.tasks.pages import html_of, page_of, prose

BODY = prose(8)
PASSED_OVER = '<article class="newsletter-post post">'


def test_a_class_that_one_extractor_passes_over_is_no_disagreement() -> None:
    page = html_of(BODY).replace("<article>", PASSED_OVER)
    article = explain_page(page_of(page)).article
    assert article is not None
    assert set(BODY) <= set(article.text.split("\n"))
    assert "extractors_disagree" not in article.quality_flags


def test_an_extractor_that_found_another_text_disagrees() -> None:
    other = "".join(f"<p>{one}</p>" for one in prose(8, seed=2))
    page = (
        html_of(BODY).replace("<article>", PASSED_OVER).replace("</article>", f"</article><div>{other}</div>")
    )
    article = explain_page(page_of(page)).article
    assert article is not None
    assert "extractors_disagree" in article.quality_flags


def test_the_table_with_which_an_old_page_is_laid_out_is_no_table_of_the_article() -> None:
    menu = "<a href='/'>Home</a><br><a href='/opinion'>Opinion</a><br><a href='/sport'>Sport</a>"
    row = f"<tr><td width=140>{menu}</td><td><b>The harbour</b><br>By Jane Doe<p>{'<p>'.join(BODY)}</td></tr>"
    page = f"<html><head><title>The Gull - The harbour</title></head><body><table>{row}</table></body></html>"
    article = explain_page(page_of(page)).article
    assert article is not None
    assert article.text.split("\n") == BODY


def test_a_letter_with_a_row_for_each_paragraph_is_read_by_its_paragraphs() -> None:
    rows = "".join(f"<tr><td>{paragraph}</td></tr>" for paragraph in BODY)
    article = explain_page(
        page_of(f"<html><body><h1>The harbour</h1><table>{rows}</table></body></html>")
    ).article
    assert article is not None
    assert article.text.split("\n") == BODY


def test_the_table_of_an_article_stays_a_table() -> None:
    rows = "".join(f"<tr><td>Ward {n}</td><td>{n * 100} votes</td></tr>" for n in range(4))
    article = explain_page(page_of(html_of(BODY[:4], after=f"<table>{rows}</table><p>{BODY[4]}</p>"))).article
    assert article is not None
    assert article.text.split("\n")[:4] == BODY[:4]
    assert article.text.split("\n")[-1] == BODY[4]
    ranking = "".join(f"<tr><td>{n}</td><td>Ward {n}</td><td>{n * 100} votes</td></tr>" for n in range(60))
    article = explain_page(page_of(html_of(BODY[:2], after=f"<table>{ranking}</table>"))).article
    assert article is not None
    assert "| 7 | Ward 7 | 700 votes |" in article.text
