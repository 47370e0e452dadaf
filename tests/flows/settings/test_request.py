"""The request to a flow: empty fields, models and times in it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commentariat import ConfigError, WarehouseError
from flows.night.opening import NightRequest
from flows.rescore import RescoreRequest, _is_trial, how_to_adopt
from flows.settings.config import load_config
from flows.settings.file import SERVED_CONFIG
from flows.settings.request import utc_moment

SOURCE = """
[[sources]]
name = "intranet"
type = "feed"
location = "https://intranet.example/feed.xml"
second_model = false
"""


def test_a_model_named_in_a_request_is_looked_for_from_the_current_folder(
    write, tmp_path: Path, elsewhere: Path
):
    file = write('[model]\nname = "./mine"\n')
    assert RescoreRequest(config=file).resolve_config().model.folder == str(tmp_path / "mine")
    assert RescoreRequest(config=file, model="./other").resolve_config().model.folder == str(
        elsewhere / "other"
    )
    assert RescoreRequest(config=file, model="fast").resolve_config().model.folder == ""


def test_a_model_is_another_one_by_its_folder_and_not_by_the_spelling_of_its_name(
    write, tmp_path: Path, elsewhere: Path
):
    (tmp_path / "m").mkdir()
    file = write('[model]\nname = "./m"\ncalibration = "c.json"\n')
    configured = RescoreRequest(config=file).resolve_config().model
    other = RescoreRequest(config=file, model="./m", stated_right=0.8).resolve_config().model
    assert (other.folder, other.calibration, other.stated_right) == (str(elsewhere / "m"), None, 0.8)
    assert _is_trial(RescoreRequest(config=file, model="./m").resolve_config().model, configured)
    for spelling in (f"{tmp_path}/m", "../m"):
        same = RescoreRequest(config=file, model=spelling).resolve_config().model
        assert same == configured and same.folder == configured.folder
        assert not _is_trial(same, configured)


@pytest.mark.parametrize("name", ["./other", "fast"])
def test_a_trial_is_adopted_by_the_lines_that_describe_it_in_a_configuration_of_another_folder(
    write, elsewhere: Path, name: str
):
    (elsewhere / "other").mkdir()
    file = write('[model]\nname = "./mine"\ncalibration = "c.json"\n')
    request = RescoreRequest(config=file, model=name, stated_right=0.71234567)
    asked = request.resolve_config().model
    told = how_to_adopt(asked, request.configured().model, file)
    found = re.fullmatch(r"write (.*) and (.*) into \[model\], take `calibration` out of it", told)
    assert found is not None
    adopted = load_config(write("[model]\n" + "\n".join(found.groups())), {}).model
    assert adopted.is_same_model(asked) and adopted.stated_right == 0.71234567


def test_a_time_that_utc_does_not_have_is_a_wrong_value() -> None:
    assert utc_moment(datetime.fromisoformat("2026-11-30T01:00:00+02:00")) == datetime(
        2026, 11, 29, 23, tzinfo=UTC
    )
    with pytest.raises(ValueError, match="no time in UTC"):
        utc_moment(datetime.fromisoformat("0001-01-01T00:00:00+05:00"))


def test_an_empty_field_of_a_request_means_what_is_configured(write, tmp_path: Path, elsewhere: Path):
    write('[warehouse]\npath = "ours"\n')
    request = NightRequest.model_validate({"config": str(tmp_path / "commentariat.toml"), "warehouse": ""})
    assert request.resolve_config().warehouse.path == tmp_path / "ours"
    assert NightRequest.model_validate({"config": ""}).config is None
    assert RescoreRequest.model_validate({"model": " "}).model is None


def test_a_run_of_a_deployment_whose_request_names_no_configuration_has_the_served_one(
    write, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(SERVED_CONFIG, str(write('[warehouse]\npath = "ours"\n')))
    for parameters in ({}, {"config": ""}, {"config": None}):
        request = NightRequest.model_validate(parameters)
        assert request.resolve_config().warehouse.path == tmp_path / "ours"
    monkeypatch.setenv(SERVED_CONFIG, str(tmp_path / "gone.toml"))
    with pytest.raises(ConfigError, match=r"gone\.toml: no such configuration file"):
        NightRequest().resolve_config()


def test_a_model_in_the_home_folder_of_nobody_is_reported_in_a_request_too(write):
    request = RescoreRequest(config=write(""), model="~nobody-at-all/model")
    with pytest.raises(ConfigError, match=r"model\.name: .*the home folder ~nobody-at-all is not known"):
        request.resolve_config()


def test_a_request_is_applied_to_a_configuration_without_reading_its_file_again(write):
    file = write(SOURCE)
    request = NightRequest(config=file, inputs=["https://harbor.example/a"])
    configured = request.configured()
    file.unlink()
    asked = request.applied_to(configured)
    assert configured.never_sent == ("intranet",)
    assert [source.locations for source in asked.sources] == [("https://harbor.example/a",)]


def test_a_warehouse_that_is_a_link_to_itself_cannot_be_created(write, tmp_path: Path):
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    named = NightRequest(config=write(""), warehouse=loop).resolve_config()
    configured = NightRequest(config=write('[warehouse]\npath = "loop"\n')).resolve_config()
    for config in (named, configured):
        with pytest.raises(WarehouseError, match="Too many levels of symbolic links"):
            config.warehouse.open().create()
