"""The pages that the site of the documents refuses. `make docs` builds it; mkdocs refuses broken links and anchors."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("mkdocs", reason="mkdocs is not installed (dependency group `docs`)")

from mkdocs.exceptions import PluginError

from documents import site

ROOT = Path(__file__).parents[2]


def page(place: str, markdown: str = "") -> SimpleNamespace:
    return SimpleNamespace(file=SimpleNamespace(src_uri=place), markdown=markdown)


def in_the_site(place: str, markdown: str) -> str:
    return site.on_page_markdown(markdown, page(place), None, None)


@pytest.mark.parametrize("path", site.OUTSIDE)
def test_pages_outside_of_docs_are_there(path: str):
    assert (ROOT / path).is_file()


@pytest.mark.parametrize(
    ("place", "link", "leads_to"),
    [
        ("index.md", "docs/howto/sql.md#recipes", "howto/sql.md#recipes"),
        ("index.md", "CONTRIBUTING.md", "contributing.md"),
        ("index.md", "models/fast/MODEL_CARD.md", "results/model-card.md"),
        ("index.md", "docs/notebooks/quickstart.ipynb", "notebooks/quickstart.md"),
        ("howto/python.md", "../notebooks/quickstart.ipynb", "../notebooks/quickstart.md"),
        ("howto/models.md", "../../models/fast/MODEL_CARD.md", "../results/model-card.md"),
        ("howto/models.md", "../results/model.md", "../results/model.md"),
        ("sample.md", "../../docs/howto/sql.md", "howto/sql.md"),
        ("results/model-card.md", "../../docs/results/model.md", "model.md"),
        ("howto/sql.md", "https://a.example/docs/x.md", "https://a.example/docs/x.md"),
        ("howto/sql.md", "#recipes", "#recipes"),
    ],
)
def test_a_link_that_is_right_on_a_code_host_is_right_in_the_site(place: str, link: str, leads_to: str):
    assert in_the_site(place, f"See [there]({link}).") == f"See [there]({leads_to})."


def test_a_link_that_leads_nowhere_is_left_for_mkdocs_to_refuse():
    assert in_the_site("howto/sql.md", "[code](../../flows/nightly.py)") == "[code](../../flows/nightly.py)"


@pytest.fixture
def make_docs(tmp_path: Path):
    """Run what `make docs` runs, on a site of one page with the settings of `mkdocs.yml`."""
    written = re.search(
        r"^docs:.*\n\t(?P<line>.*-m mkdocs .*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE
    )
    assert written
    words = shlex.split(written["line"].replace("$(BIN)/python", sys.executable))
    settings = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_0-9]+=", word))

    def build(page: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / "index.md").write_text(page, encoding="utf-8")
        nav = "hooks: []\nnav: [index.md]\n"
        (tmp_path / "mkdocs.yml").write_text(f"INHERIT: {ROOT / 'mkdocs.yml'}\n{nav}", encoding="utf-8")
        command = words[len(settings) :]
        return subprocess.run(
            command, cwd=tmp_path, env=os.environ | settings, capture_output=True, text=True, check=False
        )

    return build


@pytest.mark.parametrize("link", ["../tasks/extract.py", "gone.md", "#gone"])
def test_make_docs_fails_on_a_link_that_leads_nowhere(make_docs, link: str):
    built = make_docs(f"# Start\n\nSee [there]({link}).\n")
    assert built.returncode != 0
    assert link in built.stderr


def test_make_docs_builds_a_site_whose_links_are_right(make_docs):
    built = make_docs("# Start\n\nSee [above](#start).\n")
    assert built.returncode == 0, built.stderr


@pytest.mark.parametrize(
    "tag",
    [
        '<script src="https://a.example/x.js">',
        '<link rel="stylesheet" href="//a.example/x.css">',
        "<img alt=x src=http://a.example/x.png>",
    ],
)
def test_a_page_that_would_load_something_from_the_network_is_refused(tag: str):
    with pytest.raises(PluginError, match=r"howto/sql\.md: the page would load something"):
        site.on_post_page(f"<html>{tag}</html>", page("howto/sql.md"), None)


def test_a_page_may_have_links_that_people_follow():
    html = '<a href="https://a.example/">there</a><img src="../images/x.png">'
    assert site.on_post_page(html, page("howto/sql.md"), None) == html


def test_a_page_that_looks_different_on_a_code_host_is_refused():
    nested = "- one\n  - two\n"
    html = "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
    with pytest.raises(PluginError, match="a code host shows 2 and not 1 <ul>"):
        site.on_page_content(html, page("howto/sql.md", nested), None, None)
