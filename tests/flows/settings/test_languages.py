"""``[extract] languages``: the codes that are accepted."""

import pytest

from commentariat import ConfigError
from flows.settings.config import load_config
from tasks.extract.judgment.language import language_of


def test_languages_are_compared_in_small_letters(write):
    assert load_config(write('[extract]\nlanguages = ["EN", " de "]\n'), {}).extract.languages == ("en", "de")
    assert load_config(write('[extract]\nlanguages = ["yue"]\n'), {}).extract.languages == ("yue",)
    assert load_config(write("[extract]\nlanguages = []\n"), {}).extract.languages == ()


@pytest.mark.parametrize("code", ["gsw", "nds", "fil", "hsb", "ckb", "ceb", "haw", "ast", "sco"])
def test_a_language_that_a_page_may_declare_can_be_configured(write, code: str):
    languages = load_config(write(f'[extract]\nlanguages = ["de", "{code}"]\n'), {}).extract.languages
    assert language_of("Grüezi mitenand", code) in languages


@pytest.mark.parametrize("code", ["eng", "deu", "ger", "fra", "fre", "spa", "jp", "english", "e1g", ""])
def test_a_language_is_named_by_the_code_that_texts_get(write, code: str):
    with pytest.raises(ConfigError, match=f"not '{code}'"):
        load_config(write(f'[extract]\nlanguages = ["{code}"]\n'), {})
