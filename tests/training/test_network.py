"""The pair network computes as MPNet does, with the word pieces of the text graph."""

import time

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")

from transformers import AutoTokenizer, MPNetModel  # noqa: E402

from commentariat import ModelError  # noqa: E402
from training.network import MPNetEncoder, bf16_pays, freeze, load_bert, load_mpnet  # noqa: E402


def test_an_mpnet_is_cut_and_read_with_berts_word_pieces(mpnet_base, tokenizer):
    whole = MPNetModel.from_pretrained(mpnet_base, add_pooling_layer=False).eval()
    encoder = load_mpnet(mpnet_base, tokenizer, 2).eval()
    words = tokenizer("ferry ab [MASK] cd", return_tensors="pt")
    theirs = AutoTokenizer.from_pretrained(mpnet_base)("ferry ab <mask> cd", return_tensors="pt")
    assert not torch.equal(words["input_ids"], theirs["input_ids"])
    with torch.no_grad():
        ours = encoder(words["input_ids"], words["attention_mask"], words["token_type_ids"])
        states = whole(input_ids=theirs["input_ids"], output_hidden_states=True).hidden_states
    assert torch.allclose(ours, states[2], atol=1e-5)


def test_attention_as_one_operator_gives_the_same_answers(new_network, tokenizer):
    encoder = new_network().encoder
    asked = tokenizer(
        ["zoo", "the ferry of our town"],
        ["it is late", "we need the bridge and the school"],
        return_tensors="pt",
        padding=True,
    )
    places = torch.arange(asked["input_ids"].shape[1])[None] + 2
    with torch.no_grad():
        written_out = encoder.whole(
            input_ids=asked["input_ids"], attention_mask=asked["attention_mask"], position_ids=places
        ).last_hidden_state
        read = asked["attention_mask"] > 0
        assert torch.allclose(encoder(**asked)[read], written_out[read], atol=1e-5)


def test_padding_does_not_change_an_answer(new_network, tokenizer):
    network = new_network()
    alone = tokenizer(["zoo"], ["we need it"], return_tensors="pt")
    beside = tokenizer(
        ["zoo", "zoo"],
        ["we need it", "we need it and the council should pay"],
        return_tensors="pt",
        padding=True,
    )
    with torch.no_grad():
        first, second = network(**alone), network(**beside)
    assert torch.allclose(first.stance_logits[0], second.stance_logits[0], atol=1e-5)
    assert torch.allclose(first.relevance_logit[0], second.relevance_logit[0], atol=1e-5)


def test_the_attention_to_the_text_changes_the_answer_and_the_target_gets_none(new_network, tokenizer):
    network = new_network()
    asked = tokenizer(["zoo"], ["we need the bridge"], return_tensors="pt")
    of_text = asked["token_type_ids"][0] == 1
    given = []
    network.pair_dense.register_forward_pre_hook(lambda _, inputs: given.append(inputs[0]))
    with torch.no_grad():
        before = network(**asked)
        states = network.encoder(**asked)[0]
        # the head prefers one token of the text, and then one of the target
        answers = []
        for token in (-2, 1):
            network.evidence.weight.copy_(5 * states[token][None])
            answers.append(network(**asked))
    assert not torch.allclose(before.stance_logits, answers[0].stance_logits, atol=1e-3)
    attended = given[-1][0, -states.shape[1] :]
    evidence = answers[1].evidence_logits[0]
    assert torch.allclose(attended, torch.softmax(evidence[of_text], dim=0) @ states[of_text], atol=1e-5)
    everywhere = torch.softmax(evidence, dim=0) @ states
    assert not torch.allclose(attended, everywhere, atol=0.1), "without a mask, the target would get the most"


def test_frozen_parts_have_no_gradient_and_all_others_do(new_network):
    network = new_network()
    freeze(network, 1)
    frozen = {name for name, one in network.named_parameters() if not one.requires_grad}
    whole = "encoder.whole."
    assert all(
        name.startswith((f"{whole}embeddings.", f"{whole}encoder.layer.0.", f"{whole}encoder.relative"))
        for name in frozen
    )
    assert f"{whole}encoder.layer.0.output.dense.weight" in frozen
    assert f"{whole}embeddings.word_embeddings.weight" in frozen
    trained = {name.split(".")[0] for name, one in network.named_parameters() if one.requires_grad}
    assert trained == {"encoder", "pair_dense", "stance", "relevance", "evidence"}


def test_an_encoder_of_another_kind_is_named(bert_base, mpnet_base, tokenizer):
    with pytest.raises(ModelError, match="holds a bert encoder"):
        load_mpnet(bert_base, tokenizer, 2)
    with pytest.raises(ModelError, match="holds a mpnet encoder"):
        load_bert(mpnet_base)
    with pytest.raises(ModelError, match="has 3 layers, not 4"):
        load_mpnet(mpnet_base, tokenizer, 4)


def test_special_tokens_have_the_rows_of_mpnets_own(mpnet_base, tokenizer):
    theirs = AutoTokenizer.from_pretrained(mpnet_base)
    whole = MPNetModel.from_pretrained(mpnet_base, add_pooling_layer=False)
    words = load_mpnet(mpnet_base, tokenizer, 2).whole.embeddings.word_embeddings.weight
    for ours, name in MPNetEncoder.SPECIAL.items():
        row = whole.embeddings.word_embeddings.weight[theirs.convert_tokens_to_ids(name)]
        assert torch.equal(words[tokenizer.convert_tokens_to_ids(ours)], row), ours


def test_bfloat16_is_used_where_it_is_measured_to_be_faster():
    assert bf16_pays("cuda")
    inputs, weights = torch.ones(1024, 768), torch.ones(3072, 768)
    seconds = {}
    for dtype in (torch.float32, torch.bfloat16):
        few = [tensor.to(dtype) for tensor in (inputs, weights)]
        times = []
        for _ in range(3):
            began = time.process_time()  # other work on the machine is not counted
            torch.nn.functional.linear(*few)
            times.append(time.process_time() - began)
        seconds[dtype] = min(times)
    ratio = seconds[torch.bfloat16] / seconds[torch.float32]
    if not 0.4 < ratio < 1.5:  # otherwise the speeds are nearly equal, and both answers are right
        assert bf16_pays("cpu") == (ratio < 1)
