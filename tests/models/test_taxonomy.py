"""Taxonomies come from small files, bundled ones or the user's own."""

from pathlib import Path

import pytest

from commentariat import ConfigError
from models import bundled_taxonomies, load_taxonomy

ENTRY = '[[topics]]\ncode = "transit"\nlabel = "Public transport"\ndescription = "Buses and trains."\n'


def test_the_bundled_taxonomies_are_complete() -> None:
    assert bundled_taxonomies() == ["cap", "iptc"]
    assert len(load_taxonomy("cap").topics) == 21
    assert len(load_taxonomy("iptc").topics) == 17


def test_a_users_file_is_a_taxonomy(tmp_path: Path) -> None:
    file = tmp_path / "beats.toml"
    file.write_text('name = "beats"\n' + ENTRY, encoding="utf-8")
    taxonomy = load_taxonomy(str(file))
    assert (taxonomy.name, taxonomy.topics[0].label) == ("beats", "Public transport")


def test_a_byte_order_mark_is_no_part_of_a_users_taxonomy(tmp_path: Path) -> None:
    file = tmp_path / "beats.toml"
    file.write_text(ENTRY, encoding="utf-8-sig")
    assert load_taxonomy(str(file)).topics[0].code == "transit"


def test_only_the_models_own_taxonomy_has_no_fingerprint() -> None:
    assert load_taxonomy("cap").fingerprint("cap") == ""
    assert load_taxonomy("iptc").fingerprint("cap") != ""
    assert load_taxonomy("cap").fingerprint("iptc") != ""
    assert load_taxonomy("cap").fingerprint("a taxonomy that is not bundled") != ""


def test_every_code_label_and_description_is_in_the_fingerprint_of_a_users_taxonomy(tmp_path: Path) -> None:
    file, found = tmp_path / "beats.toml", set()
    for old, new in (
        ("", ""),
        ("transit", "rail"),
        ("Public", "Our"),
        ("Buses", "Trams"),
        ("[[", 'name = "cap"\n[['),
    ):
        file.write_text(ENTRY.replace(old, new, 1) if old else ENTRY, encoding="utf-8")
        found.add(load_taxonomy(str(file)).fingerprint("cap"))
    assert len(found) == 5
    file.write_text('title = "Beats"\n' + ENTRY, encoding="utf-8")
    assert load_taxonomy(str(file)).fingerprint("cap") in found


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "no [[topics]]"),
        ("topics = 3", "no [[topics]]"),
        ("not toml", "Cannot read"),
        (ENTRY + '[[topics]]\ncode = "x"\nlabel = ""\ndescription = "y"\n', "Entry 2"),
        (ENTRY + ENTRY, "is used twice"),
    ],
)
def test_a_faulty_file_is_refused_with_what_is_wrong(tmp_path: Path, content: str, fault: str) -> None:
    file = tmp_path / "beats.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_taxonomy(str(file))
    assert fault in str(caught.value)
    assert str(file) in str(caught.value)


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ConfigError, match="cap, iptc"):
        load_taxonomy("nonsense")
