"""Thin networks, and a few invented pieces in the form of the training data.

torch, and modules that need it, are imported inside functions: without torch the test modules are skipped, but this
file is still imported.
"""

# ruff: noqa: PLC0415  (see above)

import json
import random
import re
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

THEMES = ("ferry", "zoo", "bridge", "school", "harbor", "garden")
SENTENCES = {
    "favor": "We need the {0} and the council should pay for it at once.",
    "against": "The {0} is a waste of money and the council should close it.",
}
FILLER = (
    "The council met on monday in the old town hall and spoke for two hours about the weather.",
    "My neighbor keeps bees and reads the paper in the sun every morning before he goes to work.",
    "There were many people in the street and nobody knew what the mayor had in mind that day.",
    "A report of the year before has forty pages and a map of the town on the last of them.",
    "It rained for a week and the river rose to the steps of the church near the market square.",
)
BANK = [f"The town should have a new {thing}" for thing in (*THEMES, "library", "museum", "station", "park")]
TOPICS = ("10", "4", "7")


def op_ed(number, split):
    """Make an invented piece on one theme; its second paragraph shows the side of a statement in two wordings."""
    draw = random.Random(f"{split}:{number}")
    theme, stance = THEMES[number % len(THEMES)], ("favor", "against")[number // len(THEMES) % 2]
    paragraphs = [" ".join(draw.choice(FILLER) for _ in range(3)) for _ in range(7)]
    paragraphs[1] = SENTENCES[stance].format(theme) + " " + draw.choice(FILLER)
    neighbor = THEMES[(number + 1) % len(THEMES)]
    own = {
        "target": f"The {theme} of our town is worth its price",
        "other_wording": f"Our town does well to pay for the {theme}",
        "own": True,
    }
    bank = {"target": BANK[number % len(THEMES)], "other_wording": None, "own": False}
    label = {"stance": stance, "clear": 1, "paragraphs": [1]}
    return {
        "id": f"{split}-{number}",
        "title": f"A word on the {theme}",
        "outlet": f"Outlet {number % 3}",
        "lean": "center",
        "date": "2020-01-01",
        "subject": theme,
        "kind": "news" if number % 5 == 4 else "opinion",
        "bank": "c" if split == "train" else "a",
        "split": split,
        "paragraphs": paragraphs,
        "labels": [own | label, bank | label],
        "silent": [one for one in BANK if theme not in one],
        "near": [f"The {theme} should be larger than the {neighbor}"],
    }


def short_rows():
    sources = ("vast", "procon20", "ibm_arg_30k", "perspectrum", "newsmtsc", "room_for_debate", "semeval2016")
    return [
        {
            "text": SENTENCES.get(label, "The {0} opened on monday.").format(theme),
            "target": f"the {theme}",
            "label": label,
            "source": source,
            "split": split,
        }
        for source in (*sources, "manifesto_uk")
        for split in ("train", "dev")
        for theme in THEMES
        for label in ("favor", "against", "neutral")
        if label != "neutral" or source in {"vast", "newsmtsc", "semeval2016"}
    ]


def topic_rows():
    bills = [
        {
            "text": f"A bill about the {theme} and the weather.",
            "label": TOPICS[number % len(TOPICS)],
            "scheme": "cap_major",
            "source": "us_bills",
            "split": split,
        }
        for number, theme in enumerate(THEMES * 4)
        for split in ("train", "dev")
    ]
    articles = [
        {"text": FILLER[number] * 8, "label": "", "scheme": "allsides", "source": source, "split": split}
        for number in range(len(FILLER))
        for source in ("allsides:Ledger", "allsides:Ledger:opinion")
        for split in ("train", "dev")
    ]
    return bills + articles


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Use one thread: more do not help thin networks, and on a busy machine threads wait minutes for each other."""
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    pieces = [op_ed(n, "train") for n in range(12)] + [op_ed(n, "dev") for n in range(6)]
    for name, rows in (("opeds", pieces), ("stance", short_rows()), ("topic", topic_rows())):
        pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    return folder


def vocabulary():
    """A vocabulary of letters, so that every word can be spelled, and of the words of the invented texts."""
    letters = [chr(c) for c in range(97, 123)] + list("0123456789.,?!\"':;-")
    texts = " ".join(
        (*FILLER, *SENTENCES.values(), *THEMES, *BANK, "our of is worth its price does well to pay for")
    )
    words = sorted(set(re.findall(r"[a-z]{2,}", texts.lower())))
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + c for c in letters), *words]


THIN = {"hidden_size": 32, "num_attention_heads": 2, "intermediate_size": 64}


@pytest.fixture(scope="session")
def bert_base(tmp_path_factory):
    """A BERT of two thin layers, from which text networks are made."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("bert")
    (folder / "vocab.txt").write_text("\n".join(vocabulary()), encoding="utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(vocabulary()), num_hidden_layers=2, **THIN)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def mpnet_base(tmp_path_factory):
    """An MPNet of three thin layers with its own tokenizer, from which pair networks are made."""
    import torch
    from transformers import MPNetConfig, MPNetModel, MPNetTokenizerFast

    folder = tmp_path_factory.mktemp("mpnet")
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *vocabulary(), "<mask>"]
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    MPNetTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(0)
    config = MPNetConfig(vocab_size=len(pieces), num_hidden_layers=3, **THIN)
    MPNetModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def text_folder(bert_base, tmp_path_factory):
    """A model folder with only a text graph, as needed for training pair networks."""
    import torch

    from training.folder import describe, write_config, write_texts, write_tokenizer
    from training.text_network import fresh_text_network
    from training.vocabulary_pruning import with_word_pieces

    folder = tmp_path_factory.mktemp("texts")
    torch.manual_seed(1)
    network, tokenizer = fresh_text_network(bert_base, 1)
    write_tokenizer(with_word_pieces(tokenizer, range(len(tokenizer))), folder)
    write_texts(network.eval(), folder)
    write_config(
        describe(network.encoder.config)
        | {"calibration": {"topic": {"temperature": 2.0, "bias": 0.5}}, "thresholds": {"topic": 0.2}},
        folder,
    )
    return folder


@pytest.fixture(scope="session")
def text_graph(text_folder):
    from models.folder import open_text_graph

    return open_text_graph(text_folder, 1)


@pytest.fixture
def tokenizer(text_graph):
    return text_graph.tokenizer


@pytest.fixture(scope="session")
def prepared(data, text_graph):
    """The train pieces, cut into passages with embeddings."""
    from training.embeddings import embedder
    from training.opeds_data import read_opeds
    from training.packing import prepare

    pieces = read_opeds(data, "train", kinds=("opinion", "news", "other"))
    return prepare(pieces, text_graph, embedder(text_graph))


@pytest.fixture(scope="session")
def embed(text_graph):
    """The function that returns the embeddings of texts."""
    from training.embeddings import embedder

    return embedder(text_graph)


def vectors_of(pieces, text_graph):
    """Return the embedding of every statement that can be asked of the pieces."""
    from training.embeddings import embedder
    from training.packing import statements_of

    statements = statements_of([one.piece for one in pieces])
    return dict(zip(statements, embedder(text_graph)(statements), strict=True))


@pytest.fixture(scope="session")
def vectors(prepared, text_graph):
    return vectors_of(prepared, text_graph)


@pytest.fixture(scope="session")
def invented_vectors(invented, text_graph):
    return vectors_of(invented, text_graph)


@pytest.fixture
def new_network(mpnet_base, tokenizer):
    """A function that makes a pair network of two layers; networks with different seeds differ."""
    import torch

    from training.network import PairNetwork, load_mpnet

    def make(seed=1):
        torch.manual_seed(seed)
        network = PairNetwork(load_mpnet(mpnet_base, tokenizer, 2))
        with torch.no_grad():
            for weight in (
                *network.encoder.whole.encoder.parameters(),
                *network.pair_dense.parameters(),
                network.evidence.weight,
            ):
                weight.add_(0.1 * torch.randn_like(weight))
        return network.eval()

    return make


def invented_line(number, style):
    """Make a line of a file: a statement with a side, one without a side, and one that is not spoken about."""
    theme = THEMES[number]
    return {
        "id": f"{style}-{number}",
        "subject": f"{theme} {style}",
        "form": "straight",
        "kind": "opinion",
        "title": f"On the {theme}",
        "topics": ["7"],
        "paragraphs": [FILLER[0], SENTENCES["against"].format(theme), FILLER[1], FILLER[2]],
        "targets": [
            {
                "target": f"Keep the {theme}",
                "stance": "against",
                "by_paragraph": [None, "against", "neutral", "against"],
            },
            {
                "target": f"The {theme} and the weather",
                "stance": "neutral",
                "by_paragraph": ["neutral", None, "neutral", None],
            },
            {"target": f"Bees in the {theme}", "stance": "none", "by_paragraph": [None] * 4},
        ],
    }


@pytest.fixture(scope="session")
def invented_folder(tmp_path_factory):
    """A folder of invented op-eds."""
    folder = tmp_path_factory.mktemp("opeds")
    for style in ("plain", "oblique", "rivalry"):
        (folder / style).mkdir()
        lines = [json.dumps(invented_line(number, style)) for number in range(len(THEMES))]
        (folder / style / "a.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def invented(invented_folder, text_graph):
    from training.embeddings import embedder
    from training.invented import invented_pieces
    from training.opeds import read_pieces
    from training.packing import prepare

    pieces = invented_pieces([*read_pieces(invented_folder, "train"), *read_pieces(invented_folder, "dev")])
    return prepare(pieces, text_graph, embedder(text_graph))


@pytest.fixture
def new_mixture(data, prepared, vectors, invented, invented_vectors):
    from training.corpus import stance_pairs
    from training.examples import OpEdExamples
    from training.inference_pairs import InferenceExamples, inference_pairs
    from training.invented import InventedExamples
    from training.mixture import Mixture
    from training.short_arguments import ShortExamples

    def make(seed=5):
        opeds = OpEdExamples(prepared, vectors, others=(4, 20))
        others = InventedExamples(invented, invented_vectors)
        shorts = ShortExamples(stance_pairs(data, "train"))
        inference = InferenceExamples(inference_pairs(data, "train"))
        return Mixture(opeds, others, shorts, inference, seed=seed, pieces=4)

    return make
