"""Topic labels name known codes, fit their texts, and never reach training from pieces on which choices are made."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commentariat import InputError
from training.hashes import name_of
from training.held_out import held_out
from training.opeds_data import KINDS, read_opeds
from training.topic_labels import (
    ARGUMENTS,
    ARTICLES,
    LABELS,
    PASSAGES,
    Labelling,
    labelled_texts,
    labelling_of,
    read_topic_labels,
)
from training.topics import CODES


def test_every_committed_line_is_a_list_of_known_topics():
    labels = read_topic_labels()
    assert len(labels) == len(LABELS.read_text(encoding="utf-8").splitlines()) > 6000
    assert {len(labellings) for labellings in labels.values()} == {1, 2}


def test_either_of_two_topics_can_be_the_main_one():
    assert labelling_of("20=17 2") == Labelling(("20", "17"), ("2",))
    assert labelling_of("20=17 2").every == ("20", "17", "2")
    assert labelling_of("0") == Labelling((), ())


@pytest.mark.parametrize("line", ["22", "20 20", "0 20", "0=20", "20,2"])
def test_a_line_that_is_no_list_of_topics_is_refused(line):
    with pytest.raises(InputError, match="no list of topics"):
        labelling_of(line)


def piece(number, *, kind="opinion"):
    return {
        "id": f"piece-{number}",
        "title": "Let it run.",
        "outlet": f"The Ledger of {number % 3}",
        "lean": "center",
        "kind": kind,
        "bank": "c",
        "split": "train",
        "paragraphs": [f"The river of {number} was here first.", "The dam came later.", "It should go."],
        "labels": [],
        "silent": [],
        "near": [],
    }


@pytest.fixture
def data(tmp_path, monkeypatch):
    rows = [piece(number, kind="news" if number % 5 == 0 else "opinion") for number in range(30)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "opeds.parquet")
    article = {"label": "energy", "scheme": "allsides", "source": "allsides:The Ledger", "split": "train"}
    articles = [article | {"text": "Sun for all."}, article | {"text": "Not labelled."}]
    pq.write_table(pa.Table.from_pylist(articles), tmp_path / "topic.parquet")
    argument = {"label": "favor", "source": "ibm_arg_30k", "weight": 1.0, "note": ""}
    arguments = [
        argument | {"text": "Animals suffer there.", "target": "We should abolish zoos", "split": "train"},
        argument | {"text": "Children learn there.", "target": "We should abolish zoos", "split": "dev"},
    ]
    pq.write_table(pa.Table.from_pylist(arguments), tmp_path / "stance.parquet")
    lines = [
        *({"id": f"piece-{number}", "topics": ["7 21"]} for number in range(10)),
        {"id": name_of("Sun for all."), "topics": ["8"]},
        {"id": name_of("We should abolish zoos"), "topics": ["7=23"]},
    ]
    labels = tmp_path / "topic_labels.jsonl"
    labels.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    monkeypatch.setattr("training.topic_labels.LABELS", labels)
    return tmp_path


def of_source(texts, source):
    return [single for single in texts if single.source == source]


def test_passages_have_the_topics_and_the_kind_of_their_piece(data):
    passages = of_source(labelled_texts(data), PASSAGES)
    topics = {single.text.split(" of ")[-1].split(" ")[0]: single.topics for single in passages[::3]}
    labelled = (CODES.index("7"), CODES.index("21"))
    assert {topics[name] for name in topics if int(name) < 10} == {labelled}
    assert {topics[name] for name in topics if int(name) >= 10} == {None}
    assert passages[0].text.startswith("Let it run. The river")
    assert {single.opinion for single in passages} == {0.0, 1.0}


def test_pieces_on_which_choices_are_made_give_no_passages(data):
    left_out = held_out(read_opeds(data, "train", kinds=KINDS))
    assert left_out
    text = " ".join(single.text for single in of_source(labelled_texts(data), PASSAGES))
    assert not [name for name in left_out if f"river of {name.removeprefix('piece-')} " in text]


def test_an_article_has_the_topics_of_its_label_and_an_argument_those_of_its_question(data):
    texts = labelled_texts(data)
    assert [(single.text, single.topics) for single in of_source(texts, ARTICLES)] == [
        ("Sun for all.", (CODES.index("8"),))
    ]
    assert [(single.text, single.topics) for single in of_source(texts, ARGUMENTS)] == [
        ("Animals suffer there.", (CODES.index("7"), CODES.index("23")))
    ]


def test_a_file_that_is_missing_gives_no_texts(data):
    (data / "topic.parquet").unlink()
    (data / "stance.parquet").unlink()
    assert {single.source for single in labelled_texts(data)} == {PASSAGES}
