"""The sections ``[topics]`` and ``[model]``: where a model, a calibration and a taxonomy are looked for."""

from pathlib import Path

import pytest

from commentariat import ConfigError
from flows.settings.classifier import configured_classifier
from flows.settings.config import load_config
from flows.settings.model_sections import ModelSettings, TopicSettings


def test_a_folder_may_have_the_name_of_a_model_that_is_no_longer_bundled(write, tmp_path: Path):
    (tmp_path / "accurate").mkdir()
    model = load_config(write('[model]\nname = "accurate"\n'), {}).model
    assert (model.name, model.folder) == ("accurate", str(tmp_path / "accurate"))


def test_a_calibration_may_begin_with_a_byte_order_mark(write, tmp_path: Path):
    (tmp_path / "calibration.json").write_text("{}", encoding="utf-8-sig")
    assert (
        load_config(write('[model]\ncalibration = "calibration.json"\n'), {}).model.calibration_text() == "{}"
    )


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("fast", ""),
        ("owner/checkpoint", ""),
        ("./mine", "mine"),
        ("../mine", "../mine"),
        ("mine", "mine"),
        ("owner/mine", "owner/mine"),
        ("./not-there", "not-there"),
    ],
)
@pytest.mark.usefixtures("elsewhere")
def test_a_model_folder_is_looked_for_from_the_folder_of_the_file(
    write, tmp_path: Path, name: str, place: str
):
    for folder in ("mine", "owner/mine", "fast"):
        (tmp_path / folder).mkdir(parents=True)
    config = load_config(write(f'[model]\nname = "{name}"\n'), {})
    choice = configured_classifier(config)
    assert (choice.model, choice.model_folder) == (name, place and str(tmp_path / place))


def test_a_model_folder_in_the_home_folder_is_found(write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert load_config(write('[model]\nname = "~/mine"\n'), {}).model.folder == str(tmp_path / "home/mine")


def test_a_taxonomy_is_read_from_the_folder_of_the_file_and_keeps_its_name(
    write, tmp_path: Path, elsewhere: Path
):
    (elsewhere / "cap.toml").touch()
    assert load_config(write(""), {}).topics.file == ""
    assert load_config(write('[topics]\ntaxonomy = "iptc"\n'), {}).topics.file == ""
    choice = configured_classifier(load_config(write('[topics]\ntaxonomy = "desk.toml"\n'), {}))
    assert (choice.taxonomy, choice.taxonomy_file) == ("desk.toml", str(tmp_path / "desk.toml"))
    with pytest.raises(ConfigError, match=str(tmp_path / "desk.toml")):
        choice.load()


@pytest.mark.parametrize(
    ("text", "key"),
    [('[model]\nname = "NAME"\n', "model.name"), ('[topics]\ntaxonomy = "NAME"\n', "topics.taxonomy")],
)
def test_a_name_that_is_too_long_is_reported_by_its_key(write, text: str, key: str):
    with pytest.raises(ConfigError, match=f"{key}: a{{300}}: File name too long"):
        load_config(write(text.replace("NAME", "a" * 300)), {})


@pytest.mark.usefixtures("_in_a_folder_that_nobody_may_read")
def test_a_name_below_a_folder_that_nobody_may_enter_is_reported_by_its_key():
    with pytest.raises(ConfigError, match=r"model\.name: owner/mine: Permission denied"):
        ModelSettings(name="owner/mine").anchored(Path())
    with pytest.raises(ConfigError, match=r"topics\.taxonomy: desk: Permission denied"):
        TopicSettings(taxonomy="desk").anchored(Path())
