"""The classify station: every answer keeps its question, and an article whose page states no kind gets one."""

import pickle
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from commentariat import ModelError
from models import Document, Reading, Target
from models.classifier import DocumentClassifier
from tasks.article import Article, Kind
from tasks.classify import (
    ENDING,
    Assignment,
    ClassifierChoice,
    ReadingStopped,
    Scored,
    classify_batch,
    with_kind,
)
from tests.tasks.pages import article_of

CHOICE = ClassifierChoice(threads=1)
TOLL = Target(id="toll", statement="Cities should charge drivers")
TEXT = "Cities should charge drivers for entering the centre. It works, and it is fair. " * 6


def assignment(name: str, *targets: Target, with_topics: bool = True) -> Assignment:
    return Assignment(
        article_id=name,
        revision=1,
        title=None,
        text=TEXT,
        language="en",
        targets=targets,
        with_topics=with_topics,
    )


def test_nothing_to_read_loads_no_model():
    assert classify_batch([], ClassifierChoice(model="/no/such/model")) == []


def test_every_assignment_is_answered_with_its_own_questions():
    other = Target(id="phones", statement="Schools should ban phones")
    batch = [
        assignment("a", TOLL),
        assignment("b", TOLL, other, with_topics=False),
        assignment("c"),
    ]
    scored = {one.assignment.article_id: one for one in classify_batch(batch, CHOICE)}
    assert set(scored) == {"a", "b", "c"}
    for name, one in scored.items():
        assert one.reading.document_id == name
        assert [answer.target for answer in one.reading.stances] == list(one.assignment.targets)
        assert bool(one.reading.topics) is one.assignment.with_topics


def test_a_run_that_ends_early_does_not_wait_for_its_micro_batch(monkeypatch: pytest.MonkeyPatch):
    batch = [assignment(f"{number}", TOLL) for number in range(2_000)]
    begun, groups = threading.Event(), list[int]()
    read = DocumentClassifier.read

    def read_while_the_run_ends(
        classifier: DocumentClassifier,
        documents: Sequence[Document],
        targets: Sequence[Sequence[Target]],
        *,
        with_topics: bool,
    ) -> list[Reading]:
        groups.append(len(documents))
        begun.set()
        assert ENDING.wait(60)
        return read(classifier, documents, targets, with_topics=with_topics)

    monkeypatch.setattr(DocumentClassifier, "read", read_while_the_run_ends)
    try:
        with ThreadPoolExecutor(1) as thread:
            reading = thread.submit(classify_batch, batch, CHOICE)
            assert begun.wait(60)
            ENDING.set()
            with pytest.raises(ReadingStopped, match="the next one reads these articles"):
                reading.result(timeout=60)
    finally:
        ENDING.clear()
    assert groups == [2], "only the articles that were being read"


def test_a_choice_travels_to_another_process_and_means_the_same_model():
    assert pickle.loads(pickle.dumps(CHOICE)) == CHOICE
    assert CHOICE.version == ClassifierChoice(threads=1).version
    assert CHOICE.load() is ClassifierChoice(threads=1).load()


def test_a_model_that_is_not_there_is_reported():
    with pytest.raises(ModelError, match="no-such-model"):
        ClassifierChoice(model="no-such-model").load()


def article(name: str, kind: Kind, kind_signal: str | None = None) -> Article:
    url = f"https://gull.example/{name}"
    return replace(article_of(TEXT, url), kind=kind, kind_signal=kind_signal)


def scored(one: Article, p_opinion: float | None) -> Scored:
    reading = Reading(document_id=one.article_id, topics=(), stances=(), p_opinion=p_opinion)
    return Scored(assignment(one.article_id, TOLL), reading)


@pytest.mark.parametrize(
    ("p_opinion", "kind", "signal"),
    [
        (0.934, "opinion", "classifier: p(opinion) = 0.93"),
        (0.5, "opinion", "classifier: p(opinion) = 0.50"),
        (0.499, "news", "classifier: p(opinion) = 0.50"),
        (0.0, "news", "classifier: p(opinion) = 0.00"),
    ],
)
def test_an_article_whose_page_states_no_kind_gets_the_likelier_one(
    p_opinion: float, kind: Kind, signal: str
):
    unknown = article("a", "unknown")
    assert with_kind([unknown], [scored(unknown, p_opinion)]) == [
        replace(unknown, kind=kind, kind_signal=signal)
    ]


def test_a_kind_that_the_page_states_stays_whatever_the_classifier_says():
    stated = [article("a", "news", "section: News"), article("b", "opinion", "url path: /opinion/")]
    answers = [scored(stated[0], 0.99), scored(stated[1], 0.01)]
    assert with_kind(stated, answers) == stated


def test_an_article_without_an_answer_stays_unknown_and_the_others_get_their_own():
    unread, wordless, read = (article(name, "unknown") for name in ("unread", "wordless", "read"))
    answers = [scored(read, 0.8), scored(wordless, None)]
    judged = with_kind([unread, wordless, read], answers)
    assert judged[:2] == [unread, wordless]
    assert (judged[2].article_id, judged[2].kind) == (read.article_id, "opinion")
