"""An article and the targets to ask about it, as a model is given them."""

from __future__ import annotations

from dataclasses import dataclass

from models import Target
from tasks.article import ArticleKey


@dataclass(frozen=True, slots=True)
class AskedArticle:
    """A stored article and what is asked about it; each model adds what else it is given.

    Attributes
    ----------
    article_id, revision
        The article and the revision of its text.
    title, text, language
        What is read; the language is only used to find the sentences.
    targets
        The targets to ask.
    """

    article_id: str
    revision: int
    title: str | None
    text: str
    language: str | None
    targets: tuple[Target, ...]

    @property
    def key(self) -> ArticleKey:
        """Id and revision of the article."""
        return self.article_id, self.revision
