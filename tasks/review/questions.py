"""Questions for people: the article, the target in one wording, and how each question was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import cast

from commentariat import InputError
from tasks.article import ArticleKey
from tasks.review.label_studio import Record
from tasks.review.records import number_of, read_records, text_of, whole_number_of
from tasks.targets.question_key import QuestionKey
from tasks.targets.statement_hash import tidied
from warehouse import Reader
from warehouse.annotations.annotation import CHOSEN, Draw, SampledBy
from warehouse.sql_files import load_sql


@dataclass(frozen=True, slots=True)
class Question:
    """A question about an article.

    Attributes
    ----------
    statement
        The target's statement as it is shown to people.
    draw
        How the question was drawn.
    """

    article_id: str
    revision: int
    target: str
    statement_hash: str
    statement: str
    draw: Draw = CHOSEN

    @property
    def key(self) -> QuestionKey:
        """The fields that distinguish it from other questions."""
        return QuestionKey(self.article_id, self.revision, self.target, self.statement_hash)


class NoArticleError(InputError):
    """A row is about an article that is not stored, or not stored any more."""


@dataclass(frozen=True, slots=True)
class Known:
    """The articles and wordings to which a file can refer.

    Attributes
    ----------
    lengths
        The length of the text of each revision, in characters.
    """

    lengths: dict[ArticleKey, int]
    _latest: dict[str, int]
    _of_url: dict[str, str]
    _wordings: dict[tuple[str, str], str]  # the statement
    _today: dict[str, str]  # the hash of the present wording, or else of the latest one

    @classmethod
    def of(cls, reader: Reader, records: Sequence[Record]) -> Known:
        """Look up the articles and targets that records name."""
        named = {
            "article_ids": sorted(
                {article_id for record in records if (article_id := text_of(record, "article_id"))}
            ),
            "urls": sorted({url for record in records if (url := text_of(record, "url"))}),
        }
        articles = reader.query(load_sql("articles_named"), named).to_pylist()
        targets = reader.query(load_sql("wordings_known")).to_pylist()
        return cls(
            {(row["article_id"], row["revision"]): row["char_count"] for row in articles},
            {row["article_id"]: row["revision"] for row in articles},
            {row["url"]: row["article_id"] for row in articles},
            {(row["target"], row["statement_hash"]): row["statement"] for row in targets},
            {row["target"]: row["statement_hash"] for row in targets},
        )

    def question(self, record: Record) -> Question:
        """Find the question of a row; fields that the row leaves out get their present values.

        Raises
        ------
        NoArticleError
            When the article is not stored.
        InputError
            When the row cannot be used.
        """
        article_id = text_of(record, "article_id") or self._of_url.get(text_of(record, "url") or "", "")
        if article_id not in self._latest:
            raise NoArticleError(
                f"there is no article {article_id or text_of(record, 'url')}: name its article_id or url"
            )
        revision = whole_number_of(record, "revision")
        if revision is None:
            revision = self._latest[article_id]
        if (article_id, revision) not in self.lengths:
            raise NoArticleError(f"the article {article_id} has no revision {revision}")
        target = text_of(record, "target") or ""
        wording = text_of(record, "statement_hash") or self._wording_of(record, target)
        if (target, wording) not in self._wordings:
            raise InputError(
                f"there is no target {target!r}" + (f" worded {wording}" if target in self._today else "")
            )
        worded = text_of(record, "statement") or self._wordings[target, wording]
        return Question(article_id, revision, target, wording, worded, _draw(record))

    def _wording_of(self, record: Record, target: str) -> str:
        """Find the wording of a row that names none: that of its statement, or else the present one."""
        today, statement = self._today.get(target, ""), text_of(record, "statement")
        if not today or not statement or tidied(statement) == tidied(self._wordings[target, today]):
            return today
        for (of_target, wording), worded in reversed(self._wordings.items()):
            if of_target == target and tidied(worded) == tidied(statement):
                return wording
        raise InputError(
            f"the target {target!r} was never worded {statement!r}: leave the statement out if its answer is to the "
            "present wording, or name its statement_hash"
        )

    def former(self, record: Record, question: Question) -> Iterator[QuestionKey]:
        """Give the questions that the row may have asked before: fields that it leaves out had other values then."""
        latest = self._latest[question.article_id]
        revisions = [question.revision] if text_of(record, "revision") else range(1, latest + 1)
        wordings = [question.statement_hash]
        if not text_of(record, "statement_hash"):
            shown = text_of(record, "statement")
            wordings = [
                wording
                for (target, wording), worded in self._wordings.items()
                if target == question.target and (not shown or tidied(worded) == tidied(shown))
            ]
        for revision, wording in product(revisions, wordings):
            yield QuestionKey(question.article_id, revision, question.target, wording)


def read_questions(path: Path, reader: Reader) -> tuple[list[Question], int]:
    """Read a file of questions as ``review sample`` writes it; each question is given once.

    Returns
    -------
    list of Question, int
        The questions in the order of the file; and the number of questions left out because their articles are not
        stored.

    Raises
    ------
    InputError
        When the file cannot be read, a row cannot be used, or no question is left.
    """
    rows = list(read_records(path, questions=True))
    known = Known.of(reader, [record for _, record in rows])
    questions: dict[QuestionKey, Question] = {}
    left_out = 0
    for place, record in rows:
        try:
            question = known.question(record)
        except NoArticleError:
            left_out += 1
        except InputError as error:
            raise InputError(f"{path}: {place}: {error}") from error
        else:
            questions.setdefault(question.key, question)
    if not questions:
        raise InputError(
            f"{path}: there is no question in it about a stored article; `commentariat review sample` draws some"
        )
    return list(questions.values()), left_out


def _draw(record: Record) -> Draw:
    return Draw(
        sampled_by=cast("SampledBy", text_of(record, "sampled_by") or "chosen"),  # checked by Draw
        sample=text_of(record, "sample"),
        stratum=text_of(record, "stratum"),
        stratum_size=whole_number_of(record, "stratum_size"),
        sampling_weight=number_of(record, "sampling_weight"),
    )
