"""Questions that are put to people: the article to read, the answers of each person, and storing an answer at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from commentariat import InputError
from flows.explorer.article_page import NotStoredError, stored
from flows.explorer.snapshots import Snapshots
from models.sentences import sentence_spans
from tasks.outcome import printable
from tasks.review.questions import Question
from tasks.targets.question_key import QuestionKey
from warehouse import Reader
from warehouse.annotations.annotation import LONGEST_NAME, Annotation
from warehouse.annotations.inbox import Inbox
from warehouse.querying.plain_values import Row
from warehouse.sql_files import load_sql

_LINE_END = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that a person may choose, by its offsets into the stored text."""

    start: int
    end: int
    text: str

    @property
    def name(self) -> str:
        """The sentence's name in a form."""
        return f"{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class ArticleToRead:
    """The article that a person reads, and its text as paragraphs of sentences."""

    article: Row
    paragraphs: tuple[tuple[Sentence, ...], ...]

    def marked(self, sentences: Sequence[tuple[int, int]]) -> set[str]:
        """Name the sentences that these parts of the text are in.

        Answers that were given in another program, or with an earlier version, may mark a part of a sentence.
        """
        return {
            sentence.name
            for paragraph in self.paragraphs
            for sentence in paragraph
            if any(start < sentence.end and end > sentence.start for start, end in sentences)
        }

    def chosen(self, names: Sequence[str]) -> tuple[tuple[int, int], ...]:
        """Give the offsets of the sentences that a form names.

        Raises
        ------
        InputError
            When the text has no such sentence.
        """
        known = {sentence.name: sentence for sentences in self.paragraphs for sentence in sentences}
        if unknown := [name for name in names if name not in known]:
            raise InputError(
                f"the text has no sentence {unknown[0][:40]!r}: open the question again, and mark them there"
            )
        return tuple(sorted((known[name].start, known[name].end) for name in set(names)))


class Asking:
    """Questions in their order, put to any number of people; can be used by several threads.

    Parameters
    ----------
    snapshots
        Snapshots of the warehouse with the articles. Answers go to its inbox, also while a run is writing.
    questions
        The questions, which are the same for everybody.
    """

    def __init__(self, snapshots: Snapshots, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        self.inbox = Inbox(snapshots.root)
        self._snapshots = snapshots
        self._number_of = {question.key: number for number, question in enumerate(self.questions, start=1)}
        self._gone: set[int] = set()
        self._waiting: tuple[object, list[Annotation]] = (None, [])
        self._published: dict[str, tuple[Path | None, list[Annotation]]] = {}
        self._lock = Lock()

    def question(self, number: int) -> Question:
        """Give a question by its number, from 1.

        Raises
        ------
        NotStoredError
            When there are fewer questions.
        """
        if not 1 <= number <= len(self.questions):
            raise NotStoredError(f"there are {len(self.questions):,} questions, and none has number {number}")
        return self.questions[number - 1]

    def article(self, number: int) -> ArticleToRead:
        """Give the article that a person reads for a question.

        Raises
        ------
        NotStoredError
            When the article has been taken down meanwhile; the question is not asked any more.
        """
        question = self.question(number)
        try:
            article, text = self._snapshots.ask(
                lambda reader: stored(reader, question.article_id, question.revision)
            )
        except NotStoredError:
            with self._lock:
                self._gone.add(number)
            raise
        return ArticleToRead(article, _paragraphs(text["text"], article["language"]))

    def answers_of(self, name: str) -> Mapping[int, Annotation]:
        """Give a person's answers to these questions by number, also those given earlier or in another program."""
        return dict(self._given_by(name))

    def next_for(self, name: str, after: int = 0) -> int | None:
        """Give the number of a person's next question: the first unanswered one after ``after``, or else before it.

        Nobody is asked the same question twice. Therefore earlier answers to questions of a random sample are first
        stored for this sample, too.
        """
        given = self._given_by(name)
        self._store_for_their_samples(given)
        answered = {number for number, _ in given}
        numbers = range(1, len(self.questions) + 1)
        left = [number for number in numbers if number not in answered and number not in self._gone]
        return next((number for number in left if number > after), left[0] if left else None)

    def keep(self, annotation: Annotation) -> None:
        """Store an answer, which counts instead of the person's former one; it is on disk when this returns.

        Raises
        ------
        WarehouseError
            When the answer cannot be written; it is not stored then.
        """
        number = self._number_asked(annotation)
        former = self.answers_of(annotation.annotator).get(number) if number is not None else None
        self.inbox.keep([annotation.after(former)])

    def waiting(self) -> list[Annotation]:
        """Give the answers that wait in the inbox; they are read again only when they have changed."""
        state = self.inbox.state
        with self._lock:
            if state != self._waiting[0]:
                self._waiting = (state, self.inbox.waiting())
            return self._waiting[1]

    def _given_by(self, name: str) -> list[tuple[int, Annotation]]:
        """Give all answers of a person to these questions, each with the question's number, the earliest first."""
        # The inbox is read first: an answer that is published meanwhile is then found in the snapshot.
        given = [answer for answer in self.waiting() if answer.annotator == name]
        given += self._published_of(name)
        given.sort(key=lambda answer: (answer.answered_at, answer.annotation_id))
        return [(number, answer) for answer in given if (number := self._number_asked(answer)) is not None]

    def _store_for_their_samples(self, given: Sequence[tuple[int, Annotation]]) -> None:
        """Store answers of a person (:meth:`_given_by`) for this sample too, if they were given for another or none.

        A question may have been answered before it was drawn by chance for this sample. Without these answers the
        sample would lack just the questions that were asked first, such as the doubtful ones, and would not be random.
        """
        drawn = {(number, answer.draw.sampled_by, answer.draw.sample) for number, answer in given}
        again = [
            answer.drawn_for(draw)
            for number, answer in dict(given).items()
            if (draw := self.questions[number - 1].draw).sampled_by == "random"
            and (number, draw.sampled_by, draw.sample) not in drawn
        ]
        if again:
            self.inbox.keep(again)

    def _number_asked(self, answer: Annotation) -> int | None:
        """Give the number of the question that was answered; None if it is not one of these questions."""
        asked = QuestionKey(answer.article_id, answer.revision, answer.target, answer.statement_hash)
        return self._number_of.get(asked)

    def _published_of(self, name: str) -> list[Annotation]:
        """Give a person's answers in the newest snapshot; each snapshot is asked once."""

        def of_snapshot(reader: Reader) -> list[Annotation]:
            known = self._published.get(name)
            if known is None or known[0] != reader.generation:
                rows = reader.query(load_sql("answers_of"), {"annotator": name}).to_pylist()
                known = self._published[name] = (reader.generation, [Annotation.of_row(row) for row in rows])
            return known[1]

        return self._snapshots.ask(of_snapshot)


def name_of(given: str) -> str:
    """Give a person's name as it is stored: one line of printable characters.

    Raises
    ------
    InputError
        When the name is empty or too long.
    """
    name = " ".join(printable(given).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise InputError(
            f"say who answers: a name, initials or a number, of at most {LONGEST_NAME} characters"
        )
    return name


def _paragraphs(text: str, language: str | None) -> tuple[tuple[Sentence, ...], ...]:
    """Cut a text into sentences, and group the sentences of each paragraph."""
    paragraphs: list[list[Sentence]] = []
    previous_end = 0
    for start, end in sentence_spans(text, language):
        if not paragraphs or _LINE_END.search(text, previous_end, start):
            paragraphs.append([])
        paragraphs[-1].append(Sentence(start, end, text[start:end]))
        previous_end = end
    return tuple(tuple(sentences) for sentences in paragraphs)
