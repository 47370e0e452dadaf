"""A run that is stopped and resumed ends where an uninterrupted one does, and its export keeps the contract."""

import json
import time
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")
pytest.importorskip("scipy", reason="calibration needs the extra `train` (scikit-learn brings scipy)")

from transformers import BertConfig, BertModel, BertTokenizerFast, MPNetConfig, MPNetModel  # noqa: E402

from training.batches import IGNORE, Batch, Limits  # noqa: E402
from training.corpus import Pair, Single  # noqa: E402
from training.folder import Calibration, Facts, Thresholds, config_of, write_config, write_model  # noqa: E402
from training.loop import Recipe, train  # noqa: E402
from training.losses import taught_loss  # noqa: E402
from training.network import MPNetEncoder, PairAnswers, PairNetwork, bf16_pays, load_encoder  # noqa: E402
from training.onnx_run import OnnxModel  # noqa: E402
from training.text_network import TextNetwork, fresh_text_network  # noqa: E402
from training.texts import fit  # noqa: E402
from training.topics import CODES  # noqa: E402
from training.vocabulary import keep_embeddings, kept_pieces, with_pieces  # noqa: E402
from tests.models.test_train_mixture import mixture  # noqa: E402  (only once torch is known to be there)

RECIPE = Recipe(
    steps=6,
    seed=5,
    peak_rate=1e-3,
    warmup_steps=2,
    decay_steps=2,
    limits=Limits(tokens=512, pair_tokens=48),
    bf16=False,
)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A BERT of two thin layers over a vocabulary of letters."""
    folder = tmp_path_factory.mktemp("base")
    letters = [chr(c) for c in range(97, 123)] + list("0123456789.,?!\"':;-")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + c for c in letters)]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


def fresh(base):
    torch.manual_seed(1)
    encoder, tokenizer = load_encoder(base)
    return PairNetwork(encoder), tokenizer


def test_a_resumed_run_ends_in_the_same_weights(base, tmp_path):
    whole, tokenizer = fresh(base)
    train(whole, tokenizer, mixture(), RECIPE, tmp_path / "whole")
    first, _ = fresh(base)
    # the plateau of the schedule is the same as long as the decay has not begun
    train(
        first,
        tokenizer,
        mixture(),
        replace(RECIPE, steps=6),
        tmp_path / "cut",
        save_every=3,
    )
    half, _ = fresh(base)
    out = tmp_path / "half"

    class StopError(Exception):
        pass

    def stop(network, step):
        raise StopError

    with pytest.raises(StopError):
        train(
            half,
            tokenizer,
            mixture(),
            RECIPE,
            out,
            save_every=3,
            inspect=stop,
            inspect_every=4,
        )
    resumed, _ = fresh(base)
    progress = train(resumed, tokenizer, mixture(), RECIPE, out, resume=out / "last.pt")
    assert progress.step == RECIPE.steps
    for name, weight in whole.state_dict().items():
        assert torch.equal(weight, resumed.state_dict()[name]), name


def test_the_log_holds_the_inspected_figures(base, tmp_path):
    network, tokenizer = fresh(base)
    train(
        network, tokenizer, mixture(), replace(RECIPE, steps=2), tmp_path,
        inspect=lambda network, step: {"dev/x": 0.5}, inspect_every=2,
    )  # fmt: skip
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert {"step": 2, "dev/x": 0.5} in lines


def test_the_rate_rises_holds_and_falls():
    rates = [
        Recipe(steps=100, warmup_steps=10, decay_steps=20, peak_rate=1.0).rate(step) for step in range(100)
    ]
    assert rates[0] < rates[9] == 1.0
    assert rates[50] == 1.0
    assert rates[99] == pytest.approx(0.05)


def test_a_processor_trains_in_the_precision_it_multiplies_faster():
    assert bf16_pays("cuda")
    inputs, weights = torch.ones(1024, 768), torch.ones(3072, 768)
    seconds = {}
    for dtype in (torch.float32, torch.bfloat16):
        few = [tensor.to(dtype) for tensor in (inputs, weights)]
        times = []
        for _ in range(3):
            began = time.perf_counter()
            torch.nn.functional.linear(*few)
            times.append(time.perf_counter() - began)
        seconds[dtype] = min(times)
    ratio = seconds[torch.bfloat16] / seconds[torch.float32]
    if not 0.6 < ratio < 1.1:  # else it is a draw, and either will do
        assert bf16_pays("cpu") == (ratio < 1)


def test_an_exported_folder_answers_as_the_networks_do(base, tmp_path):
    pairs, tokenizer = fresh(base)
    texts, _ = fresh_text_network(base, 1)
    pairs.eval()
    texts.eval()
    seen = [Pair("zoos", "they keep lions and save species.", 0, 1.0, "x")]
    write_model(pairs, texts, tokenizer, tmp_path, seen)
    write_config(config_of(pairs, Calibration(), Thresholds(), Facts()), tmp_path)
    model = OnnxModel(tmp_path)
    asked, read = ["zoos", ""], ["zoos are good. they save species.", "short"]
    for network, got, encoded in (
        (pairs, model.run(asked, read), tokenizer(asked, read, return_tensors="pt", padding=True)),
        (texts, model.run(read, None), tokenizer(read, return_tensors="pt", padding=True)),
    ):
        assert tuple(got) == network.OUTPUTS
        with torch.no_grad():
            wanted = network(**encoded)
        for name in network.OUTPUTS:
            expected = getattr(wanted, name).numpy()
            assert got[name].shape == expected.shape
            assert abs(got[name] - expected).max() < 0.15, name
    single = model.run(read, None)
    assert single["topic_logits"].shape == (2, len(CODES))
    assert (single["embedding"] ** 2).sum(axis=1) == pytest.approx([1.0, 1.0], abs=1e-3)
    config = json.loads((tmp_path / "config.json").read_text())
    assert list(config["id2label"].values()) == ["favor", "against", "neutral"]
    assert [topic["code"] for topic in config["topics"]] == list(CODES)


def test_padding_does_not_change_an_answer(base):
    network, tokenizer = fresh(base)
    network.eval()
    alone = tokenizer(["zoos"], ["they teach"], return_tensors="pt")
    beside = tokenizer(
        ["zoos", "zoos"],
        ["they teach", "they teach and they save species"],
        return_tensors="pt",
        padding=True,
    )
    with torch.no_grad():
        first, second = network(**alone), network(**beside)
    assert torch.allclose(first.stance_logits[0], second.stance_logits[0], atol=1e-5)


def test_training_for_topics_leaves_the_embedding_as_it_was(base):
    network, tokenizer = fresh_text_network(base, 1)
    assert isinstance(network, TextNetwork)
    network.eval()
    encoded = tokenizer(["a bill to protect whales"], return_tensors="pt")
    with torch.no_grad():
        before = network(**encoded)
    texts = [Single(f"a bill to do thing {i}.", (i % 3,), frozenset(), None, "us_bills") for i in range(12)]
    fit(network, tokenizer, texts, epochs=2, rate=1e-2, seed=1, limits=Limits(tokens=256))
    with torch.no_grad():
        after = network(**encoded)
    assert torch.equal(before.embedding, after.embedding)
    assert not torch.allclose(before.topic_logits, after.topic_logits, atol=1e-3)


def test_an_mpnet_is_cut_and_read_with_berts_word_pieces(base, monkeypatch, tmp_path):
    _, tokenizer = fresh(base)
    size = len(tokenizer) + MPNetEncoder.OFFSET + 1
    torch.manual_seed(0)
    MPNetModel(
        MPNetConfig(
            vocab_size=size, hidden_size=32, num_hidden_layers=3, num_attention_heads=2, intermediate_size=64
        ),
        add_pooling_layer=False,
    ).save_pretrained(tmp_path)
    monkeypatch.setattr("training.network.base_checkpoint", lambda given=None: given or base)
    whole = MPNetModel.from_pretrained(tmp_path, add_pooling_layer=False).eval()
    encoder, pieces = load_encoder(tmp_path, layers=2, frozen=1)
    encoder.eval()
    words = pieces("ab cd", return_tensors="pt")
    theirs = words["input_ids"] + MPNetEncoder.OFFSET
    theirs[0, 0], theirs[0, -1] = MPNetEncoder.SPECIAL["[CLS]"], MPNetEncoder.SPECIAL["[SEP]"]
    with torch.no_grad():
        ours = encoder(words["input_ids"], words["attention_mask"], words["token_type_ids"])
        states = whole(input_ids=theirs, output_hidden_states=True).hidden_states
    assert torch.allclose(ours, states[2], atol=1e-5)
    assert not encoder.whole.embeddings.word_embeddings.weight.requires_grad
    assert [
        p.requires_grad for layer in encoder.whole.encoder.layer for p in list(layer.parameters())[:1]
    ] == [
        False,
        True,
    ]


def test_left_out_word_pieces_are_spelled_and_the_others_answer_as_before(base):
    network, tokenizer = fresh(base)
    network.eval()
    letters = len(tokenizer)
    kept = kept_pieces(tokenizer, ["zoos teach"], size=letters)
    assert kept == list(range(letters))
    fewer = [place for place in kept if tokenizer.convert_ids_to_tokens(place) not in {";", "##;"}]
    small = with_pieces(tokenizer, fewer)
    keep_embeddings(network, kept)  # rounded to what is shipped
    before = network(**tokenizer(["zoos"], ["they teach"], return_tensors="pt"))
    keep_embeddings(network, fewer)
    after = network(**small(["zoos"], ["they teach"], return_tensors="pt"))
    assert torch.allclose(before.stance_logits, after.stance_logits)
    assert small.tokenize("a;") == ["a", "[UNK]"]
    assert small("a", "b")["token_type_ids"] == [0, 0, 0, 1, 1]


def test_a_learner_takes_its_teachers_answer_where_there_is_no_label():
    def answers(side):
        logits = torch.full((2, 3), -2.0)
        logits[:, side] = 2.0
        return PairAnswers(logits, torch.zeros(2, 1))

    unknown = Batch({}, torch.tensor([IGNORE] * 2), torch.ones(2), torch.full((2,), float("nan")))
    same, other = (taught_loss(answers(side), unknown, answers(1)) for side in (1, 0))
    assert other > same + 1.0
