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
