"""The classify station: every answer keeps its question."""

import pickle
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from commentariat import ModelError
from models import Target
from tasks.classify import ENDING, Assignment, ClassifierChoice, ReadingStopped, classify_batch

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


def test_a_run_that_ends_early_does_not_wait_for_its_micro_batch():
    batch = [assignment(f"{number}", TOLL) for number in range(2_000)]
    with ThreadPoolExecutor(1) as thread:
        reading = thread.submit(classify_batch, batch, CHOICE)
        time.sleep(1)
        assert not reading.done()
        ENDING.set()
        try:
            with pytest.raises(ReadingStopped, match="the next one reads these articles"):
                reading.result(timeout=30)
        finally:
            ENDING.clear()


def test_a_choice_travels_to_another_process_and_means_the_same_model():
    assert pickle.loads(pickle.dumps(CHOICE)) == CHOICE
    assert CHOICE.version == ClassifierChoice(threads=1).version
    assert CHOICE.load() is ClassifierChoice(threads=1).load()


def test_a_model_that_is_not_there_is_reported():
    with pytest.raises(ModelError, match="no-such-model"):
        ClassifierChoice(model="no-such-model").load()
