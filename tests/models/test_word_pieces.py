"""The tokenizer of a model folder gives the pieces on which its graphs were trained, and little is imported for it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from models.sentences import without_surrogates
from models.word_pieces import load_tokenizer, open_tokenizer
from tests.models.bundled import FAST, copy_of_fast
from tests.models.test_encoder import ODD, TARGET, TEXTS

SINGLE = [*map(without_surrogates, TEXTS), without_surrogates(ODD), "", "[SEP] [MASK] café", "word " * 900]
#: The second of a pair is cut, or the first, or both.
PAIRS = [*((TARGET, text) for text in SINGLE), ("word " * 900, "Rent."), ("word " * 900, "term " * 900)]
_READS = """
import sys
from models import Document, Target, load_classifier
load_classifier("fast", threads=1).read([Document("a", "Build the bridge.")], [[Target("b", "a bridge")]])
print(*sys.modules)
"""


def _of_its_library(texts, *, most: int):
    """Give ids, types and offsets as the library ``transformers`` does."""
    pairs = [one for one in texts if isinstance(one, tuple)]
    encoded = load_tokenizer(FAST)(
        [first for first, _ in pairs] or texts,
        [second for _, second in pairs] or None,
        truncation="longest_first",
        max_length=most,
        return_token_type_ids=True,
        return_offsets_mapping=True,
    )
    return list(zip(encoded["input_ids"], encoded["token_type_ids"], encoded["offset_mapping"], strict=True))


@pytest.mark.parametrize("texts", [SINGLE, PAIRS])
@pytest.mark.parametrize("most", [16, 256])
def test_the_pieces_of_the_bundled_file_are_those_of_the_library_with_which_the_graphs_were_trained(
    texts, most
):
    found = open_tokenizer(FAST).encode(texts, most=most, offsets=True)
    assert [(one.ids, one.type_ids, one.offsets) for one in found] == _of_its_library(texts, most=most)


def test_pieces_are_counted_without_the_special_ones_and_whole_also_after_inputs_were_cut():
    tokenizer = open_tokenizer(FAST)
    (cut,) = tokenizer.encode(["word " * 900], most=16, offsets=False)
    assert (len(cut.ids), cut.offsets) == (16, [])
    assert tokenizer.count(["word " * 900, "", "Rent."]) == [900, 0, 2]


def test_a_tokenizer_of_another_class_gives_the_same_pieces(tmp_path: Path):
    folder = copy_of_fast(tmp_path / "mine")
    config = folder / "tokenizer_config.json"
    named = json.loads(config.read_text("utf-8")) | {"tokenizer_class": "BertTokenizer"}
    config.write_text(json.dumps(named), encoding="utf-8")
    theirs, ours = open_tokenizer(folder), open_tokenizer(FAST)
    assert type(theirs) is not type(ours)
    assert theirs.encode(PAIRS, most=64, offsets=False) == ours.encode(PAIRS, most=64, offsets=False)
    assert theirs.count(SINGLE) == ours.count(SINGLE)


def test_reading_with_the_bundled_model_does_not_import_the_library_of_checkpoints():
    ended = subprocess.run([sys.executable, "-c", _READS], capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in ended.stdout.split()}
    assert "tokenizers" in imported
    assert not imported & {"transformers", "torch"}
