"""The starter file that ``commentariat init`` writes is valid and shows every key."""

import re
import tomllib
from collections import ChainMap
from pathlib import Path
from typing import get_args

from flows.settings.config import Config, load_config
from flows.settings.file import SAMPLE_CONFIG

STARTER = Path(SAMPLE_CONFIG).parents[1] / "cli" / "starter.toml"
EXAMPLES = {
    "user_agent",
    "archives",
    "connect_to",
    "webhook",
    "email_to",
    "email_from",
    "smtp_host",
    "smtp_user",
}
EXAMPLES |= {"blocks", "shared", "url", "key_block", "price_per_million", "calibration"}


def test_the_starter_file_is_valid_and_names_one_source(write):
    config = load_config(write(STARTER.read_text("utf-8")), {})
    assert [source.name for source in config.sources] == ["example-opinion"]


def test_the_starter_file_shows_every_key_with_its_default_or_an_example():
    text = STARTER.read_text("utf-8")
    shown = tomllib.loads(re.sub(r"(?m)^# (?=[a-z_]+ = |\[\[)", "", text))
    for name in ("sources", "targets"):  # not every entry shows every key
        shown[name] = dict(ChainMap(*shown[name]))
    shown["sources"]["locations"] = shown["sources"].pop("location")
    assert set(shown) == set(Config.model_fields) - {"sample"}  # only the bundled sample uses this key
    assert shown.pop("tables"), "its keys are names of one's own"
    for name, keys in shown.items():
        kind = Config.model_fields[name].annotation
        section = get_args(kind)[0] if get_args(kind) else kind
        if name == "second_model":  # its key is secret, and belongs into the environment
            assert "COMMENTARIAT_SECOND_MODEL__KEY" in text
            keys["key"] = ""
        assert set(keys) == set(section.model_fields), name
        if section is not kind:
            continue  # its value is a list of examples
        defaults = section().model_dump(mode="json")
        examples = EXAMPLES | ({"model"} if name == "second_model" else set())
        assert {key: defaults[key] for key in keys if key not in examples} == {
            key: value for key, value in keys.items() if key not in examples
        }
