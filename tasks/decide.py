"""The decide station: answers from stored raw scores, if a text need not be read again.

Its answers equal those of :mod:`tasks.classify` with the same weights: raw scores depend on the weights alone, topics
on the weights and the taxonomy, and only the step from raw scores to an answer depends on the calibration and on the
share of stated sides that is to be right.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from models import Classifier, RawScore, Reading, SentenceScore, TopicScore, Wording, WordingScore
from tasks.article import ArticleKey
from tasks.classify import Assignment, ClassifierChoice, Scored
from tasks.load import Row
from tasks.targets.question_key import QuestionKey


@dataclass(frozen=True, slots=True)
class Stored:
    """The stored results of the same weights for some articles.

    Attributes
    ----------
    raw
        Raw scores by article id, revision and id of the target.
    topics
        Topics by article id and revision, the main one first.
    """

    raw: Mapping[tuple[str, int, str], RawScore]
    topics: Mapping[ArticleKey, tuple[TopicScore, ...]]


def stored_scores(raw_scores: Iterable[Row], wording_scores: Iterable[Row], topics: Iterable[Row]) -> Stored:
    """Build raw scores and topics from the warehouse's rows, which may be in any order."""
    named: dict[ArticleKey, list[Row]] = defaultdict(list)
    for row in topics:
        named[row["article_id"], row["revision"]].append(row)
    return Stored(
        raw={question[:3]: raw for question, raw in raw_scores_of(raw_scores, wording_scores).items()},
        topics={article: _topics(rows) for article, rows in named.items()},
    )


def raw_scores_of(raw_scores: Iterable[Row], wording_scores: Iterable[Row]) -> dict[QuestionKey, RawScore]:
    """Build raw scores by question from the warehouse's rows, which may be in any order."""
    wordings: dict[QuestionKey, list[Row]] = defaultdict(list)
    for row in wording_scores:
        wordings[QuestionKey.of(row)].append(row)
    return {QuestionKey.of(row): _raw_score(row, wordings[QuestionKey.of(row)]) for row in raw_scores}


def decide_batch(assignments: Sequence[Assignment], stored: Stored, choice: ClassifierChoice) -> list[Scored]:
    """Answer the questions of a micro-batch from stored raw scores.

    Parameters
    ----------
    assignments
        The questions to answer; their texts are not needed.
    stored
        The stored results. A question without one (the article may have been taken down meanwhile) is left out.
    choice
        The classifier to use.

    Returns
    -------
    list of Scored
        In the order of the assignments; those of which nothing is stored are left out.

    Raises
    ------
    ModelError
        When the model cannot be loaded.
    """
    classifier = choice.load()
    answerable = [_answerable(assignment, stored) for assignment in assignments]
    return [
        _decided(assignment, stored, classifier)
        for assignment in answerable
        if assignment.targets or assignment.with_topics
    ]


def _answerable(assignment: Assignment, stored: Stored) -> Assignment:
    key = assignment.key
    return replace(
        assignment,
        targets=tuple(target for target in assignment.targets if (*key, target.id) in stored.raw),
        with_topics=assignment.with_topics and key in stored.topics,
    )


def _decided(assignment: Assignment, stored: Stored, classifier: Classifier) -> Scored:
    key = assignment.key
    reading = Reading(
        document_id=assignment.article_id,
        topics=stored.topics[key] if assignment.with_topics else (),
        stances=tuple(
            classifier.decide(target, stored.raw[*key, target.id]) for target in assignment.targets
        ),
    )
    return Scored(assignment, reading)


def _raw_score(row: Row, wordings: Iterable[Row]) -> RawScore:
    sentences = zip(
        row["sentence_start"],
        row["sentence_end"],
        row["sentence_score"],
        row["sentence_quoted"],
        strict=True,
    )
    return RawScore(
        screen=row["screen"],
        wordings=tuple(
            WordingScore(
                wording=Wording(w["wording"], denied=w["denied"]),
                favor=w["favor"],
                against=w["against"],
                neutral=w["neutral"],
                about=w["about"],
            )
            for w in sorted(wordings, key=lambda w: int(w["wording_number"]))
        ),
        sentences=tuple(SentenceScore(*sentence) for sentence in sentences),
    )


def _topics(rows: Iterable[Row]) -> tuple[TopicScore, ...]:
    return tuple(
        TopicScore(code=row["topic"], label=row["label"], rank=row["rank"], score=row["score"])
        for row in sorted(rows, key=lambda row: int(row["rank"]))
    )
