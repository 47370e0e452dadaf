"""Every language that can be found in a text can be configured."""

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from tasks.text.languages import is_language_code


def test_every_language_that_is_found_in_texts_can_be_named_in_the_configuration():
    assert all(map(is_language_code, map(str, LanguageIdentifier.from_model_file(MODEL_FILE).nb_classes)))
