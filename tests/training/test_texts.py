"""The text network learns topics and opinion, with fewer word pieces, and keeps the sentence encoder's embedding."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")
pytest.importorskip("scipy", reason="calibration needs the extra `train` (scipy)")

from commentariat import ConfigError  # noqa: E402
from training import texts, topic_figures  # noqa: E402
from training.calibrate_topics import calibrate_topics, fitting_half  # noqa: E402
from training.corpus import Single  # noqa: E402
from training.network import load_bert  # noqa: E402
from training.text_network import fresh_text_network  # noqa: E402
from training.topics import CODES  # noqa: E402
from training.vocabulary_pruning import keep_embeddings, kept_word_pieces, with_word_pieces  # noqa: E402


def bill(number, text="a bill about thing {}"):
    return Single(text.format(number), (number % 3,), frozenset(), None, "us_bills")


def test_training_for_topics_leaves_the_embedding_as_it_was(bert_base):
    network, tokenizer = fresh_text_network(bert_base, 1)
    network.eval()
    encoded = tokenizer(["a bill about the bridge"], return_tensors="pt")
    with torch.no_grad():
        before = network(**encoded)
    texts.fit(network, tokenizer, [bill(n) for n in range(12)], epochs=2, rate=1e-2, seed=1, tokens=256)
    with torch.no_grad():
        after = network(**encoded)
    assert torch.equal(before.embedding, after.embedding)
    assert not torch.allclose(before.topic_logits, after.topic_logits, atol=1e-3)


def test_topics_that_words_give_away_are_learned(bert_base):
    torch.manual_seed(0)  # with one seed in twenty-four, a network as thin as this learns nothing
    network, tokenizer = fresh_text_network(bert_base, 1)
    themes = ("the zoo", "the bridge", "the school")
    rows = [
        Single(f"a bill about {themes[n % 3]}", (n % 3,), frozenset(), None, "us_bills") for n in range(60)
    ]
    texts.fit(network, tokenizer, rows, epochs=50, rate=1e-2, seed=1, tokens=256)
    with torch.no_grad():
        logits = network(
            **tokenizer([one.text for one in rows[:3]], return_tensors="pt", padding=True)
        ).topic_logits
    assert logits.argmax(1).tolist() == [0, 1, 2]


def test_left_out_word_pieces_are_spelled_and_the_others_answer_as_before(bert_base):
    network, tokenizer = fresh_text_network(bert_base, 1)
    network.eval()
    letters = len(kept_word_pieces(tokenizer, [], size=len(tokenizer)))
    few = kept_word_pieces(tokenizer, ["zoo zoo ferry ferry bridge"], size=letters + 2)
    word_pieces = set(tokenizer.convert_ids_to_tokens(few))
    assert {"a", "##z", "[CLS]", "zoo", "ferry"} <= word_pieces
    assert not {"neighbor", "bridge"} & word_pieces
    small = with_word_pieces(tokenizer, few)
    before = network(**tokenizer(["zoo ferry"], return_tensors="pt"))
    keep_embeddings(network, few)
    after = network(**small(["zoo ferry"], return_tensors="pt"))
    assert torch.allclose(before.topic_logits, after.topic_logits)
    assert small.tokenize("bees") == ["b", "##e", "##e", "##s"]
    assert small("a", "b")["token_type_ids"] == [0, 0, 0, 1, 1]


def test_another_run_can_begin_with_the_checkpoint_of_a_run(data, bert_base, tmp_path):
    thin = texts.TextRecipe(branch=1, word_pieces=120, opeds_share=0.0, epochs=1)
    first, second = tmp_path / "first.pt", tmp_path / "second.pt"
    texts.train_texts(data, first, thin, base=bert_base)
    texts.train_texts(data, second, thin, base=bert_base, start=first)
    weights, more_trained = (torch.load(path)["network"] for path in (first, second))
    assert not torch.equal(weights["topic.weight"], more_trained["topic.weight"])
    embeddings = "encoder.whole.embeddings.word_embeddings.weight"
    assert torch.equal(weights[embeddings], more_trained[embeddings])
    assert len(torch.load(first)["pieces"]) == 120 < len(load_bert(bert_base)[1])


def test_a_share_over_one_is_one_message(data, bert_base, tmp_path, capsys):
    given = ["--data", str(data), "--out", str(tmp_path / "texts.pt"), "--base", str(bert_base)]
    assert texts.main([*given, "--opeds-share", "1.5"]) == ConfigError("").exit_code
    assert "between 0 and 1" in capsys.readouterr().err


def confident(texts_read):
    """A text graph that is right about three topics of four, and far too certain."""
    rows = np.full((len(texts_read), len(CODES)), -6.0, dtype=np.float32)
    for row, text in enumerate(texts_read):
        number = int(text.split()[-1])
        right = number % 3 if number % 4 else (number + 1) % 3  # one in four is wrong
        rows[row, right] = 6.0
    return {"topic_logits": rows, "opinion_logit": np.zeros((len(texts_read), 1), np.float32)}


def test_calibration_corrects_outputs_that_are_too_certain():
    singles = [bill(number) for number in range(400)]
    fitted = calibrate_topics(confident, singles)
    held = [one.text for one in singles if not fitting_half(one.text)]
    probabilities = fitted.topic.sigmoid(confident(held)["topic_logits"])
    assert float(probabilities.max(axis=1).mean()) == pytest.approx(0.75, abs=0.06)
    assert fitted.threshold <= 0.3
    assert fitted.as_config()["topic"]["temperature"] > 2


def test_figures_count_the_first_topic_by_source():
    singles = [bill(number) for number in range(400)]
    found = topic_figures.topic_figures(confident, singles)
    assert found["us_bills topic accuracy"] == pytest.approx(0.75)
    assert found["us_bills topic macro-F1"] == pytest.approx(0.75, abs=0.02)


def test_opinion_is_measured_by_the_area_under_the_curve():
    marked = [Single(f"text {n}", None, frozenset(), float(n % 2), "allsides:x") for n in range(40)]

    def read(texts_read, noise=0.0):
        logits = [[float(int(text.split()[-1]) % 2)] for text in texts_read]
        zeros = np.zeros((len(texts_read), len(CODES)), np.float32)
        return {"topic_logits": zeros, "opinion_logit": np.asarray(logits, np.float32)}

    assert topic_figures.topic_figures(read, marked) == {"opinion AUC": 1.0}


def test_the_command_writes_figures_that_the_gate_reads(data, text_folder, tmp_path, capsys):
    given = ["--data", str(data), "--model", str(text_folder), "--json", str(tmp_path / "figures.json")]
    assert topic_figures.main(given) == 0
    found = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert {"us_bills topic accuracy", "opinion AUC"} <= set(found)
    assert "| us_bills topic accuracy |" in capsys.readouterr().out
