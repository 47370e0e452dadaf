"""Training packs a piece in the same way as the classifier, and marks the sentences that show the stance."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")

from models import Document, Target  # noqa: E402
from models.classifier import DocumentClassifier  # noqa: E402
from models.folder import open_text_graph  # noqa: E402
from models.packs import PACK_TOKENS  # noqa: E402
from models.pairs import PairScore  # noqa: E402
from models.settings import Thresholds, read_settings  # noqa: E402
from models.taxonomy import load_taxonomy  # noqa: E402
from models.topics import TopicScorer  # noqa: E402
from training import token_vectors  # noqa: E402
from training.embeddings import embedder, kept_in  # noqa: E402
from training.packing import own_statements_of, phrases_of, prepare, statements_of, wordings_of  # noqa: E402


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
    """Make a classifier whose packs are all full ones, and the pair graph that records what it is given to read."""
    settings = replace(read_settings(text_folder), thresholds=Thresholds(screen=-9.0, full_pack=-9.0))
    recording = Recording()
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


def asked_of(piece):
    """Return three statements to ask of a piece."""
    return [*wordings_of(piece.labels[0]), *piece.near]


def read_by_a_classifier(pieces, text_graph, folder):
    """Return what the pair graph is given to read of the pieces: statements and packs."""
    classifier, recording = recorded(text_graph, folder)
    classifier.read(
        [Document(piece.id, piece.text, piece.title) for piece in pieces],
        [[Target(statement, statement) for statement in asked_of(piece)] for piece in pieces],
        with_topics=False,
    )
    return recording.read


def packed_for_training(prepared, vectors):
    """Return the same statements, with packs as training makes them."""
    return [
        (statement, piece.pack(statement, vectors[statement], PACK_TOKENS))
        for piece in prepared
        for statement in asked_of(piece.piece)
    ]


def test_a_pack_for_training_is_the_one_that_a_classifier_reads_where_the_graph_has_no_token_vectors(
    prepared, vectors, text_graph, text_folder
):
    few = prepared[:4]
    packed = packed_for_training(few, vectors)
    assert len(packed) == 12
    assert read_by_a_classifier([piece.piece for piece in few], text_graph, text_folder) == packed
    assert all(
        len(pack.text) < len(piece.piece.text) for piece, (_, pack) in zip(few, packed[::3], strict=True)
    )


def test_a_pack_with_token_vectors_is_the_one_that_a_classifier_reads(prepared, data, text_folder, tmp_path):
    folder = shutil.copytree(text_folder, tmp_path / "model")
    assert token_vectors.main(["--data", str(data), "--model", str(folder)]) == 0
    text_graph = open_text_graph(folder, 1)
    pieces = [piece.piece for piece in prepared[:4]]
    phrases = phrases_of(statements_of(pieces), text_graph)
    with_tokens = prepare(pieces, text_graph)
    assert all(len(piece.tokens) == len(piece.layout.passages) for piece in with_tokens)
    packed = packed_for_training(with_tokens, phrases)
    assert len(packed) == 12
    assert read_by_a_classifier(pieces, text_graph, folder) == packed
    without_tokens = packed_for_training(prepare(pieces, text_graph, embedder(text_graph)), phrases)
    assert all(
        pack.worth != other.worth for (_, pack), (_, other) in zip(packed, without_tokens, strict=True)
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
