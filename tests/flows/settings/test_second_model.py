"""The section ``[second_model]``: it needs a server, a model and a key from the environment."""

import pytest

from flows.settings.config import load_config
from tests.flows.settings.conftest import complaint

SECOND = '[second_model]\nurl = "http://127.0.0.1:8000/v1"\nmodel = "tiny"\n'


def test_there_is_no_second_model_unless_one_is_named(write):
    assert not load_config(write(""), {}).second_model.is_on
    assert load_config(write(SECOND), {}).second_model.is_on


def test_the_key_of_a_second_model_comes_from_the_environment_alone(write):
    config = load_config(write(SECOND), {"COMMENTARIAT_SECOND_MODEL__KEY": "12345"})
    assert config.second_model.key.get_secret_value() == "12345"
    assert "12345" not in repr(config) + str(config.model_dump()) + config.model_dump_json()
    printed = complaint(write(SECOND + 'key = "sk-secret"\n'))
    assert "must not be in a file" in printed
    assert "sk-secret" not in printed
    printed = complaint(write(SECOND), COMMENTARIAT_SECOND_MODEL__KEY="sk-secret-\u00e9")
    assert "sk-secret" not in printed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[second_model]\nurl = "http://a.example/v1"\n', "url needs model"),
        ('[second_model]\nurl = "a.example"\nmodel = "m"\n', "should be an address"),
        ('[second_model]\nurl = "https://me:secret@a.example"\nmodel = "m"\n', "no user name"),
        ('[second_model]\nurl = "http://a.example:99999/v1"\nmodel = "m"\n', "is not an address"),
        (SECOND + 'ask = "everything"\n', "second_model.ask"),
        (SECOND + "price_per_million = [1.0]\n", "second_model.price_per_million"),
        (SECOND + "most_a_nite = 3\n", "did you mean 'most_a_night'?"),
    ],
)
def test_a_second_model_that_cannot_be_asked_is_reported_with_its_key(write, text: str, message: str):
    printed = complaint(write(text))
    assert message in printed
    assert "secret" not in printed
