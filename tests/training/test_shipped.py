"""Training can go on from a shipped model folder or from a checkpoint, with all of its layers or some."""

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")

from transformers import MPNetConfig, MPNetModel  # noqa: E402

from commentariat import ModelError  # noqa: E402
from training.batches import Limits, pair_batches  # noqa: E402
from training.corpus import Pair  # noqa: E402
from training.folder import GRAPHS, write_model  # noqa: E402
from training.loop import Progress, optimiser, save_checkpoint  # noqa: E402
from training.network import MPNetEncoder, PairNetwork, load_encoder  # noqa: E402
from training.rounding import EvenedLinear, round_layers  # noqa: E402
from training.shipped import start_from, start_texts_from  # noqa: E402
from training.text_network import fresh_text_network  # noqa: E402
from training.vocabulary import keep_embeddings, with_pieces  # noqa: E402
from tests.models.test_train_loop import RECIPE, base, fresh  # noqa: E402, F401  (base is a fixture)

READ = [Pair("zoos", f"they keep {i} lions and save {i * i} species.", 0, 1.0, "x") for i in range(20)]


@pytest.fixture
def trained(base):  # noqa: F811
    network, tokenizer = fresh(base)
    with torch.no_grad():
        for weight in (*network.encoder.whole.encoder.parameters(), *network.pair_dense.parameters()):
            weight.add_(0.05 * torch.randn_like(weight))
    return network.eval(), tokenizer


def answers(network, tokenizer):
    words = tokenizer(["ab cd"], ["ef gh ij"], return_tensors="pt")
    with torch.no_grad():
        return network(**words).stance_logits


def mpnet(tokenizer, seed):
    """A pair network on a thin MPNet, as the shipped ones are; the embeddings are the same whatever the seed."""
    torch.manual_seed(0)
    thin = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config = MPNetConfig(vocab_size=len(tokenizer) + 5, hidden_dropout_prob=0.0, **thin)
    whole = MPNetModel(config, add_pooling_layer=False)
    network = PairNetwork(MPNetEncoder(whole, tokenizer, 2))
    torch.manual_seed(seed)
    with torch.no_grad():
        for weight in (*network.encoder.whole.encoder.parameters(), *network.pair_dense.parameters()):
            weight.add_(0.1 * torch.randn_like(weight))
    keep_embeddings(network, range(len(tokenizer)))
    return network.eval()


def test_a_shipped_folder_gives_its_weights_back(base, tmp_path):  # noqa: F811
    _, tokenizer = fresh(base)
    network, again = mpnet(tokenizer, 1), mpnet(tokenizer, 2)
    with torch.no_grad():  # inputs that stick out, so that the layers which read them are evened
        network.encoder.whole.encoder.layer[0].output.LayerNorm.bias[5] = 40.0  # queries, keys and values
        network.encoder.whole.encoder.layer[1].attention.LayerNorm.bias[3] = 40.0
    write_model(network, fresh_text_network(base, 1)[0], tokenizer, tmp_path, READ)
    assert not torch.allclose(answers(again, tokenizer), answers(network, tokenizer), atol=0.02)
    start_from(again, tmp_path)
    # what is shipped is rounded
    rounded = round_layers(
        network, [batch.inputs for batch in pair_batches(READ, tokenizer, Limits(), "read")]
    )
    evened = [name for name in rounded if isinstance(network.get_submodule(name), EvenedLinear)]
    assert [name.rsplit(".", 1)[1] for name in evened] == ["q", "k", "v", "dense"]
    for name in rounded:
        part = network.get_submodule(name)
        plain = part.weight * part.evened if isinstance(part, EvenedLinear) else part.weight
        assert torch.allclose(again.get_submodule(name).weight, plain, atol=1e-5), name
    assert torch.allclose(answers(again, tokenizer), answers(network, tokenizer), atol=0.02)


def test_a_graph_whose_attention_is_fused_is_refused(base, trained, tmp_path):  # noqa: F811
    network, tokenizer = trained
    write_model(network, fresh_text_network(base, 1)[0], tokenizer, tmp_path, READ)
    with pytest.raises(ModelError, match="of another kind"):
        start_from(PairNetwork(load_encoder(base)[0]), tmp_path)


def test_some_layers_of_a_checkpoint_can_be_kept(base, trained, tmp_path):  # noqa: F811
    network, _ = trained
    save_checkpoint(tmp_path / "last.pt", network, optimiser(network, RECIPE), Progress())
    shorter = PairNetwork(load_encoder(base, layers=1)[0])
    start_from(shorter, tmp_path / "last.pt", keep=[1])
    kept, whole = shorter.encoder.whole.encoder.layer[0], network.encoder.whole.encoder.layer[1]
    for (name, one), two in zip(kept.named_parameters(), whole.parameters(), strict=True):
        assert torch.equal(one, two), name


def test_layers_that_are_not_there_are_named(base, trained, tmp_path):  # noqa: F811
    network, _ = trained
    save_checkpoint(tmp_path / "last.pt", network, optimiser(network, RECIPE), Progress())
    with pytest.raises(ModelError, match=r"has the layers \[0, 1\]"):
        start_from(PairNetwork(load_encoder(base)[0]), tmp_path / "last.pt", keep=[1, 2])


def test_a_folder_without_a_graph_is_named(base, tmp_path):  # noqa: F811
    with pytest.raises(ModelError, match="No graph at"):
        start_from(PairNetwork(load_encoder(base)[0]), tmp_path)


def text_answers(network, tokenizer):
    words = tokenizer(["ab cd ef gh ij"], return_tensors="pt")
    with torch.no_grad():
        return network(**words).topic_logits


def test_a_text_network_goes_on_from_the_branch_and_heads_of_a_folder(base, tmp_path):  # noqa: F811
    _, tokenizer = fresh(base)
    torch.manual_seed(1)
    network, again = (fresh_text_network(base, 1)[0].eval() for _ in range(2))
    with torch.no_grad():
        for weight in (one for one in network.parameters() if one.requires_grad):
            weight.add_(0.05 * torch.randn_like(weight))
    write_model(mpnet(tokenizer, 1), network, tokenizer, tmp_path, READ)
    assert not torch.allclose(text_answers(again, tokenizer), text_answers(network, tokenizer), atol=0.02)
    start_texts_from(again, tmp_path)
    assert torch.allclose(text_answers(again, tokenizer), text_answers(network, tokenizer), atol=0.02)


def test_a_model_takes_over_the_text_graph_of_another(base, tmp_path):  # noqa: F811
    _, tokenizer = fresh(base)
    write_model(mpnet(tokenizer, 1), fresh_text_network(base, 1)[0], tokenizer, tmp_path / "one", READ)
    write_model(mpnet(tokenizer, 2), tmp_path / "one", tokenizer, tmp_path / "two", READ)
    graphs = [
        [(tmp_path / name / graph).read_bytes() for name in ("one", "two")] for graph in GRAPHS.values()
    ]
    assert [first == second for first, second in graphs] == [True, False]


def test_a_text_graph_that_reads_other_word_pieces_is_not_taken_over(base, tmp_path):  # noqa: F811
    _, tokenizer = fresh(base)
    write_model(mpnet(tokenizer, 1), fresh_text_network(base, 1)[0], tokenizer, tmp_path, READ)
    fewer = with_pieces(tokenizer, range(40))
    with pytest.raises(ModelError, match="train it with the --pieces and the data of that model"):
        write_model(mpnet(fewer, 2), tmp_path, fewer, tmp_path / "two", READ)


def test_a_folder_whose_text_graph_cannot_be_taken_over_is_named(base, tmp_path):  # noqa: F811
    _, tokenizer = fresh(base)
    with pytest.raises(ModelError, match=r"No model in .*nowhere"):
        write_model(mpnet(tokenizer, 1), tmp_path / "nowhere", tokenizer, tmp_path / "two", READ)
    assert not (tmp_path / "two").exists()


def test_a_branch_of_another_depth_is_refused(base, tmp_path):  # noqa: F811
    _, tokenizer = fresh(base)
    write_model(mpnet(tokenizer, 1), fresh_text_network(base, 1)[0], tokenizer, tmp_path, READ)
    with pytest.raises(ModelError, match="of another kind"):
        start_texts_from(fresh_text_network(base, 2)[0], tmp_path)
