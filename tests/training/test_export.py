"""A checkpoint becomes a model folder whose graph answers as the network does, and that a classifier can use."""

import json
from functools import partial

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
onnx = pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")
pytest.importorskip("scipy", reason="calibration needs the extra `train` (scipy)")
pytest.importorskip("safetensors", reason="training needs the extra `train` (safetensors)")

from commentariat import ConfigError, ModelError  # noqa: E402
from models import Document, Target, load_classifier  # noqa: E402
from models.encoder import Encoder  # noqa: E402
from models.packs import Pack  # noqa: E402
from models.pairs import OUTPUTS, BundledPairs  # noqa: E402
from models.similarity import TOKEN_VECTORS  # noqa: E402
from training import __main__ as command  # noqa: E402
from training.batches import MAX_PAIR_TOKENS, encode_pairs, pad  # noqa: E402
from training.checkpoints import load_checkpoint, load_pair_network  # noqa: E402
from training.examples import Example  # noqa: E402
from training.export import WORTH_WEIGHT, export, main  # noqa: E402
from training.folder import GRAPHS, check_same_word_pieces  # noqa: E402
from training.loop import Budget, Recipe  # noqa: E402
from training.losses import sentence_logits  # noqa: E402
from training.pairs import Layers, train_pairs  # noqa: E402
from training.texts import TextRecipe, train_texts  # noqa: E402
from training.token_vectors import SCREEN  # noqa: E402
from training.topics import CODES  # noqa: E402
from training.vocabulary_pruning import with_word_pieces  # noqa: E402


@pytest.fixture(scope="module")
def run(data, mpnet_base, text_folder, invented_folder, tmp_path_factory):
    """The folder of a run of a few steps, started as a command."""
    out = tmp_path_factory.mktemp("run")
    given = ["--data", str(data), "--base", str(mpnet_base), "--texts", str(text_folder), "--out", str(out)]
    given += ["--layers", "2", "--frozen", "1", "--tokens", "6e3", "--batch-tokens", "1024", "--threads", "1"]
    given += ["--opeds", str(invented_folder)]
    assert command.main(given) == 0
    return out


@pytest.fixture(scope="module")
def model(run, data, text_folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("models") / "thin"
    given = [
        "--data",
        str(data),
        "--texts",
        str(text_folder),
        "--pairs",
        str(run / "last.pt"),
        "--out",
        str(out),
    ]
    assert main(given) == 0
    return out


def config_of(folder):
    return json.loads((folder / "config.json").read_text(encoding="utf-8"))


def test_the_command_trains_within_its_budget_and_keeps_embeddings(run):
    progress = load_checkpoint(run / "last.pt")["progress"]
    assert 6000 <= progress["tokens"] <= 7100
    assert (
        len(list((run / "vectors").glob("*.npz"))) == 3
    )  # for statements, real passages and invented passages
    network, _, _ = load_pair_network(run / "last.pt")
    assert network.encoder.config.num_hidden_layers == 2


def test_the_graph_answers_as_the_network_within_the_error_of_rounded_weights(run, model):
    network, tokenizer, _ = load_pair_network(run / "last.pt")
    text, starts = "A word on it. We need the zoo. The council should close it at once.", (14, 31)
    statement, pack = "the zoo", Pack(text, ((0, 16), (17, 52)), starts)
    (encoded,) = encode_pairs(tokenizer, [Example(statement, text, 0, 1.0, starts, (True, False))])
    inputs, sentences = pad([encoded], 0)
    with torch.no_grad():
        meant = network(**inputs)
        shares = torch.softmax(sentence_logits(meant.evidence_logits, sentences, 3), 1)[0, 1:]
    encoder = Encoder(model, max_single=256, max_pair=MAX_PAIR_TOKENS, graph=GRAPHS["pair"], required=OUTPUTS)
    (score,) = BundledPairs(encoder).score([(statement, pack)])
    scale = meant.stance_logits.abs().max().item()
    assert np.allclose(score.stance, meant.stance_logits[0].numpy(), atol=0.05 * max(1.0, scale))
    assert score.about == pytest.approx(meant.relevance_logit.item(), abs=0.05)
    assert np.allclose(score.sentences, shares.numpy(), atol=0.02)


def test_the_text_graph_and_its_settings_are_taken_over(model, text_folder):
    graphs = [(folder / GRAPHS["single"]).read_bytes() for folder in (model, text_folder)]
    assert graphs[0] == graphs[1]
    config = config_of(model)
    assert config["calibration"] == {"topic": {"temperature": 2.0, "bias": 0.5}}
    assert config["thresholds"] == {"topic": 0.2}
    assert [topic["code"] for topic in config["topics"]] == list(CODES)
    assert list(config["id2label"].values()) == ["favor", "against", "neutral"]
    assert config["max_pair_tokens"] == MAX_PAIR_TOKENS
    assert config["worth_weight"] == WORTH_WEIGHT
    assert "answer" not in config


def test_a_classifier_reads_with_the_folder(model):
    (reading,) = load_classifier(str(model)).read(
        [Document(id="a", text="We need the zoo. The council should pay for it.", title="On it")],
        [[Target(id="t", statement="the zoo")]],
    )
    (answer,) = reading.stances
    assert answer.raw is not None
    assert answer.p_favor + answer.p_against + answer.p_neutral == pytest.approx(answer.relevance, abs=1e-3)


def test_a_new_text_graph_keeps_the_pair_graph_and_its_calibration(
    model, data, bert_base, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        "training.checkpoints.base_checkpoint", lambda given=None: given or bert_base
    )  # the package with the sentence encoder is large
    thin = TextRecipe(branch=1, epochs=1, opeds_share=0.0)
    train_texts(data, tmp_path / "texts.pt", thin, base=bert_base)
    config = config_of(model) | {"answer": {"relevance": 0.4}, "thresholds": {"screen": 0.7, "topic": 0.2}}
    (model / "config.json").write_text(json.dumps(config), encoding="utf-8")
    export(data, tmp_path / "texts.pt", model, tmp_path / "new")
    pairs = [(folder / GRAPHS["pair"]).read_bytes() for folder in (model, tmp_path / "new")]
    singles = [(folder / GRAPHS["single"]).read_bytes() for folder in (model, tmp_path / "new")]
    assert pairs[0] == pairs[1]
    assert singles[0] != singles[1]
    new = config_of(tmp_path / "new")
    assert new["answer"] == {"relevance": 0.4}
    assert new["thresholds"]["screen"] == SCREEN, (
        "a new text graph gives vectors of tokens, and its own screen"
    )
    assert (
        TOKEN_VECTORS in Encoder(tmp_path / "new", max_single=256, max_pair=9, graph=GRAPHS["single"]).outputs
    )
    assert set(new["calibration"]) == {"topic", "opinion"}
    assert new["calibration"] != config["calibration"]


def test_no_two_products_share_their_weights_though_a_branch_begins_as_a_copy(text_folder):
    graph = onnx.load(text_folder / GRAPHS["single"]).graph
    weights = [node.input[1] for node in graph.node if node.op_type == "MatMulInteger"]
    assert len(set(weights)) == len(weights) > 0


def test_two_model_folders_are_refused(model, data, tmp_path, capsys):
    given = ["--data", str(data), "--texts", str(model), "--pairs", str(model), "--out", str(tmp_path / "x")]
    assert main(given) == ConfigError("").exit_code
    assert "both folders" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_text_graph_that_reads_other_word_pieces_is_not_taken_over(text_folder, tokenizer):
    check_same_word_pieces(text_folder, tokenizer, "single")
    with pytest.raises(ModelError, match="train it with the word pieces of that model"):
        check_same_word_pieces(text_folder, with_word_pieces(tokenizer, range(90)), "single")
    with pytest.raises(ModelError, match=r"no graph that could be copied: pair\.onnx missing"):
        check_same_word_pieces(text_folder, tokenizer, "pair")


def test_a_run_without_a_budget_is_one_message(data, mpnet_base, tmp_path, capsys):
    given = ["--data", str(data), "--base", str(mpnet_base), "--out", str(tmp_path)]
    assert command.main(given) == ConfigError("").exit_code
    assert "The budget is missing" in capsys.readouterr().err


def test_a_run_continues_from_its_checkpoint_with_a_larger_budget(
    run, data, mpnet_base, text_folder, invented_folder, tmp_path
):
    out = tmp_path / "run"
    train_thin = partial(
        train_pairs,
        data,
        mpnet_base,
        text_folder,
        out,
        recipe=Recipe(batch_tokens=1024),
        layers=Layers(2, frozen=1),
        start=[run / "last.pt"],
        opeds=invented_folder,
        vectors=run / "vectors",
    )
    train_thin(budget=Budget(tokens=2000))
    first = load_checkpoint(out / "last.pt")["progress"]["tokens"]
    train_thin(budget=Budget(tokens=4000), resume=True)
    assert load_checkpoint(out / "last.pt")["progress"]["tokens"] > max(first, 4000 - 1)


def test_lower_layers_can_keep_the_weights_of_the_run_before(
    run, data, mpnet_base, text_folder, invented_folder, tmp_path
):
    train_pairs(
        data,
        mpnet_base,
        text_folder,
        tmp_path,
        budget=Budget(tokens=2000),
        recipe=Recipe(batch_tokens=1024),
        layers=Layers(2, frozen=0, resting=1),
        start=[run / "last.pt"],
        opeds=invented_folder,
    )
    before, after = (load_checkpoint(folder / "last.pt")["network"] for folder in (run, tmp_path))
    weights = [name for name in before if ".layer." in name and name.endswith("weight")]
    moved = {name for name in weights if not torch.equal(before[name], after[name])}
    assert moved
    assert all(".layer.1." in name for name in moved)
