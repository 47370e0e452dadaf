"""The answers of a file compared with earlier ones: an answer is stored once, by its id.

The id of a row that names neither an id nor a time is made from its content, so that a file can be imported again. If a
person changes an answer back, it has then the id of the first one, and is not stored again. And a row of an exported
file in which only the answer was changed has the id of the stored answer.

The content is that of the question too. A row that leaves out the revision or the wording means the present ones, which
can be other ones when the file is imported again. So the ids that the row could have had before are looked up too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from tasks.targets.question_key import QuestionKey
from warehouse import Reader
from warehouse.annotations.annotation import Annotation
from warehouse.annotations.inbox import Inbox
from warehouse.sql_files import load_sql


@dataclass(frozen=True, slots=True)
class Given:
    """An answer in a file.

    Attributes
    ----------
    place
        Its place in the file, such as "row 3".
    is_dated
        Whether the file gives its time or its id, so that it is not taken for an earlier one of the same content.
    is_timed
        Whether the file gives its time.
    former_ids
        The ids that it would have as an answer about another revision or to another wording, as far as the row leaves
        these out.
    exported_id
        The id that it had here, if it was exported to another program; empty if it was not. There it may have been
        changed since.
    is_former
        Whether it was taken for an earlier answer to another wording, or about another revision.
    """

    place: str
    annotation: Annotation
    is_dated: bool
    is_timed: bool
    former_ids: tuple[str, ...] = ()
    exported_id: str = ""
    is_former: bool = False

    def recognised(
        self, known: Mapping[str, Annotation], counting: Mapping[tuple[QuestionKey, str], Annotation]
    ) -> Given:
        """Take it for the answer that this row gave before, if there is one.

        Parameters
        ----------
        known
            The answers by their ids.
        counting
            The answer of each person to each question that counts before this one.
        """
        exported = known.get(self.exported_id)
        if (
            exported is not None
            and _content(exported) == _content(self.annotation)
            and not self._is_changed_back(counting[_asked(exported)])
        ):
            return replace(self, annotation=exported)
        if (same := known.get(self.annotation.annotation_id)) is not None:
            if self._is_drawn_again(same):
                again = same.drawn_for(self.annotation.draw)
                return replace(self, annotation=known.get(again.annotation_id, again))
            # Without a time of its own it has the first one's, or it would count instead of a later answer.
            timed = (
                self.annotation if self.is_timed else replace(self.annotation, answered_at=same.answered_at)
            )
            return replace(self, annotation=timed if self.is_dated else same)
        earlier = [known[former_id] for former_id in self.former_ids if former_id in known]
        if not earlier:
            return self
        latest = max(earlier, key=_moment)
        is_former = _asked(latest) != _asked(
            self.annotation
        )  # further wordings and aliases make no other question
        return replace(self, annotation=latest, is_former=is_former)

    def _is_changed_back(self, counting: Annotation) -> bool:
        """Say whether it is later than the answer that counts, and another one."""
        is_later = self.is_timed and self.annotation.answered_at > counting.answered_at
        return is_later and _content(counting) != _content(self.annotation)

    def _is_drawn_again(self, same: Annotation) -> bool:
        """Say whether the question was drawn by chance for another sample than when the same answer was given."""
        draw, before = self.annotation.draw, same.draw
        return (
            not self.is_dated
            and draw.sampled_by == "random"
            and (draw.sampled_by, draw.sample) != (before.sampled_by, before.sample)
        )


@dataclass(frozen=True, slots=True)
class Earlier:
    """The answers of a file, and those that were given before to the same questions.

    Attributes
    ----------
    given
        The answers of the file. Those that a row gave before are as they were then.
    stored, waiting
        The answers in the warehouse and in the inbox, by their ids.
    counting
        The answer of each person to each question that counts when the file is imported.
    """

    given: Sequence[Given]
    stored: dict[str, Annotation]
    waiting: dict[str, Annotation]
    counting: dict[tuple[QuestionKey, str], Annotation]

    @classmethod
    def of(cls, reader: Reader, given: Sequence[Given]) -> Self:
        """Look up the answers that have the ids of these ones, or that they have had."""
        # The inbox is read first: an answer that is added to the warehouse meanwhile is then found in the warehouse.
        waiting = Inbox(reader.root).waiting_by_id()
        ids = sorted(
            {
                annotation_id
                for answer in given
                for annotation_id in (
                    answer.annotation.annotation_id,
                    answer.annotation.drawn_for(answer.annotation.draw).annotation_id,
                    *answer.former_ids,
                    answer.exported_id,
                )
            }
        )
        articles = sorted({answer.annotation.article_id for answer in given})
        people = sorted({answer.annotation.annotator for answer in given})
        parameters = {"ids": ids, "articles": articles, "people": people}
        rows = reader.query(load_sql("review_earlier"), parameters).to_pylist()
        stored = {row["annotation_id"]: Annotation.of_row(row) for row in rows}
        known = waiting | stored
        recognised = _in_turn(given, known)
        new = [answer.annotation for answer in recognised if answer.annotation.annotation_id not in stored]
        return cls(recognised, stored, waiting, _counting([*stored.values(), *waiting.values(), *new]))

    def with_the_id_of_another(self) -> list[str]:
        """Name the answers whose id another answer has, stored or in the same file: one of the two would be lost."""
        seen = self.waiting | self.stored
        return [
            f"{answer.place}: its annotation_id is that of another answer: "
            "to store it too, leave annotation_id and answered_at empty"
            for answer in self.given
            if _content(seen.setdefault(answer.annotation.annotation_id, answer.annotation))
            != _content(answer.annotation)
        ]

    def changed_since(self) -> list[str]:
        """Name the answers without a time that were given before, but do not count: they were changed afterwards."""
        known = self.waiting | self.stored
        last = {_asked(answer.annotation): answer for answer in self.given}
        named: list[str] = []
        for asked, answer in last.items():
            counting = self.counting.get(asked)
            if answer.is_dated or counting is None or answer.annotation.annotation_id not in known:
                continue
            if _content(counting) != _content(answer.annotation):
                named.append(
                    f"{answer.place}: {answer.annotation.annotator} answered {answer.annotation.answer} before, and "
                    f"{counting.answer} at {counting.answered_at.isoformat(timespec='seconds')}"
                )
        return named

    def to_other_questions(self) -> list[str]:
        """Name the answers without a time that were given to another wording, or about another revision."""
        return [
            f"{answer.place}: {answer.annotation.annotator} answered {answer.annotation.answer} at "
            f"{answer.annotation.answered_at.isoformat(timespec='seconds')} to {answer.annotation.statement!r}, about "
            f"revision {answer.annotation.revision}"
            for answer in self.given
            if answer.is_former and not answer.is_dated
        ]


def _in_turn(given: Sequence[Given], known: Mapping[str, Annotation]) -> list[Given]:
    """Recognise earlier answers, and give new ones without a time one after those of their people's former answers."""
    counting = _counting(known.values())
    in_turn: list[Given] = []
    for row in given:
        answer = row.recognised(known, counting)
        annotation, asked = answer.annotation, _asked(answer.annotation)
        former = counting.get(asked)
        if annotation.annotation_id not in known and not answer.is_timed:
            annotation = annotation.after(former)
        if former is None or _moment(annotation) > _moment(former):
            counting[asked] = annotation
        in_turn.append(replace(answer, annotation=annotation))
    return in_turn


def _counting(annotations: Iterable[Annotation]) -> dict[tuple[QuestionKey, str], Annotation]:
    """Give the answer of each person to each question that counts: the latest."""
    return {_asked(annotation): annotation for annotation in sorted(annotations, key=_moment)}


def _moment(annotation: Annotation) -> tuple[datetime, str]:
    """Give the time of an answer for comparisons; of two answers of the same time, the same one always counts."""
    return annotation.answered_at, annotation.annotation_id


def _asked(annotation: Annotation) -> tuple[QuestionKey, str]:
    return QuestionKey(
        annotation.article_id, annotation.revision, annotation.target, annotation.statement_hash
    ), annotation.annotator


def _content(annotation: Annotation) -> tuple[object, ...]:
    """Give what a person said; white space is what programs change, and the hash of a wording can be a later one."""
    note = " ".join((annotation.note or "").split())
    return (
        annotation.article_id,
        annotation.revision,
        annotation.target,
        annotation.annotator.strip(),
        annotation.answer,
        annotation.sentences,
        note,
    )
