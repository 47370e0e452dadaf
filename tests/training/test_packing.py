"""Training packs a piece in the same way as the classifier, and marks the sentences that show the stance."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")

from models import Document, Target  # noqa: E402
from models.classifier import DocumentClassifier  # noqa: E402
from models.packs import PACK_TOKENS  # noqa: E402
from models.pairs import PairScore  # noqa: E402
from models.settings import read_settings  # noqa: E402
from models.taxonomy import load_taxonomy  # noqa: E402
from models.topics import TopicScorer  # noqa: E402
from training.embeddings import embedder, kept_in  # noqa: E402
from training.packing import own_statements_of, statements_of, wordings_of  # noqa: E402


class Recording:
    """A scorer of pairs that records its inputs."""

    def __init__(self):
        self.read = []

    def score(self, pairs):
        self.read += pairs
        return [
            PairScore(np.zeros(3, np.float32), 0.0, np.zeros(len(pack.sentences), np.float32))
            for _, pack in pairs
        ]


def recorded(text_graph, text_folder):
    """Make a classifier, and the pair graph that records what it is given to read."""
    settings, recording = read_settings(text_folder), Recording()
    classifier = DocumentClassifier(
        name="thin",
        weights_version="",
        version="",
        encoder=text_graph,
        settings=settings,
        pairs=recording,
        topics=TopicScorer(load_taxonomy("cap"), text_graph, settings),
        stated_right=0.85,
    )
    return classifier, recording


def test_a_pack_for_training_is_the_one_that_a_classifier_reads(prepared, vectors, text_graph, text_folder):
    classifier, recording = recorded(text_graph, text_folder)
    pieces = [one.piece for one in prepared[:4]]
    statements = [[*wordings_of(piece.labels[0]), *piece.near] for piece in pieces]
    classifier.read(
        [Document(piece.id, piece.text, piece.title) for piece in pieces],
        [[Target(one, one) for one in some] for some in statements],
        with_topics=False,
    )
    packed = [
        (statement, one.pack(statement, vectors[statement], PACK_TOKENS))
        for one, some in zip(prepared, statements, strict=False)
        for statement in some
    ]
    assert len(recording.read) == 12
    assert recording.read == packed
    assert all(
        len(pack.text) < len(one.piece.text) for one, (_, pack) in zip(prepared, packed[::3], strict=False)
    )


def test_aliases_find_passages_and_do_not_change_the_worth_of_a_document(prepared, text_graph, text_folder):
    classifier, recording = recorded(text_graph, text_folder)
    piece = max((one.piece for one in prepared), key=lambda one: len(one.text))
    statement = piece.labels[0].target
    alias = piece.paragraphs[len(piece.paragraphs) // 2].split(".")[0]
    asked = [Target("plain", statement), Target("aliased", statement, (alias,))]
    (reading,) = classifier.read([Document(piece.id, piece.text, piece.title)], [asked], with_topics=False)
    without, with_alias = (answer.raw.screen for answer in reading.stances)
    assert with_alias > without
    (_, plain), (_, aliased) = recording.read
    assert aliased.worth == plain.worth


def test_a_smaller_pack_has_fewer_sentences(prepared, vectors):
    statement = prepared[0].piece.labels[0].target
    few, many = (prepared[0].pack(statement, vectors[statement], tokens) for tokens in (100, 330))
    assert len(few.sentences) < len(many.sentences)


def test_a_pack_of_a_label_holds_a_named_paragraph_in_its_size(prepared, vectors):
    one = prepared[0]
    statement, last = one.piece.labels[0].target, len(one.piece.paragraphs) - 1
    worth_nothing = [
        number
        for number in range(1, last)
        if not any(one.shown_by(one.pack(statement, vectors[statement], 100), [number]))
    ]
    assert worth_nothing
    for number in worth_nothing:
        packed = one.pack_showing(statement, vectors[statement], 100, [number])
        assert any(one.shown_by(packed, [number]))
        assert sum(end - start for start, end in packed.sentences) < 0.5 * len(one.piece.text)


def test_a_pack_that_holds_a_named_paragraph_is_that_of_use(prepared, vectors):
    one = prepared[0]
    statement = one.piece.labels[0].target
    packed = one.pack(statement, vectors[statement], 200)
    held = [n for n in range(7) if any(one.shown_by(packed, [n]))]
    assert one.pack_showing(statement, vectors[statement], 200, held[:1]) == packed
    assert one.pack_showing(statement, vectors[statement], 200, ()) == packed


def test_sentences_that_lie_in_a_named_paragraph_are_marked(prepared, vectors):
    one = prepared[0]
    statement = one.piece.labels[0].target
    packed = one.pack(statement, vectors[statement], 2000)
    text = one.piece.text
    for (start, end), marked in zip(packed.sentences, one.shown_by(packed, [1, 3]), strict=True):
        inside = any(text[start:end] in one.piece.paragraphs[number] for number in (1, 3))
        begins = sum(len(paragraph) + 2 for paragraph in one.piece.paragraphs[:1])
        assert marked or not begins <= start < begins + len(one.piece.paragraphs[1])
        assert not marked or inside


def test_every_wording_of_every_statement_can_be_asked(prepared):
    pieces = [one.piece for one in prepared]
    every, own = statements_of(pieces), own_statements_of(pieces)
    assert {"Our town does well to pay for the zoo", "The zoo of our town is worth its price"} <= set(own)
    assert set(own) < set(every)
    assert set(pieces[0].near) | set(pieces[0].silent) < set(every)
    assert not set(own) & set(pieces[0].silent)


def test_each_text_is_embedded_once_by_a_graph(text_graph, text_folder, tmp_path):
    asked = []

    def embed(texts):
        asked.extend(texts)
        return embedder(text_graph)(texts)

    graph = text_folder / "text.onnx"
    first = kept_in(tmp_path, graph, embed)(["a zoo", "a ferry"])
    again = kept_in(tmp_path, graph, embed)(["a harbor", "a ferry", "a zoo", "a ferry"])
    assert asked == ["a zoo", "a ferry", "a harbor"]
    assert np.array_equal(first[[1, 0, 1]], again[1:])
    assert np.allclose(first, embedder(text_graph)(["a zoo", "a ferry"]), atol=1e-3)
    other = tmp_path / "other.onnx"
    other.write_bytes(graph.read_bytes() + b"\0")
    kept_in(tmp_path, other, embed)(["a zoo", "a ferry"])
    assert len(asked) == 5
