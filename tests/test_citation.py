"""CITATION.cff is valid, so that a code host and reference managers can read it."""

from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent


def test_the_citation_file_has_what_its_format_requires_and_the_licence_of_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"] and citation["title"] and citation["authors"]
    assert f'license = "{citation["license"]}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
