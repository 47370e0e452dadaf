"""Hooks for mkdocs in addition to ``mkdocs.yml``: pages outside ``docs/``, links to them, and checks of every page.

People also read the pages on a code host, so links are written for it: ``../../models/fast/MODEL_CARD.md``. In the
site, the pages outside ``docs/`` are in the same folder as the others, and links to them are changed.
"""

import json
import posixpath
import re
import sys
from collections import Counter
from pathlib import Path

from markdown_it import MarkdownIt
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from documents.notebook import NOTEBOOK, as_markdown  # noqa: E402 - mkdocs loads this file by its path

#: Pages outside docs/, and their names in the site.
OUTSIDE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "flows/sample/README.md": "sample.md",
    "models/fast/MODEL_CARD.md": "results/model-card.md",
}
_PLACES = {place: path for path, place in OUTSIDE.items()}

_LINK = re.compile(r"(?<=\]\()(?P<path>[^()\s#:]+)(?=[#)])")
_FETCHED = re.compile(
    r"<(?:script|link|img|iframe|source|audio|video)\b[^>]*\s(?:src|href)=[\"']?(?:https?:)?//[^>]*>"
)

_BLOCK = re.compile(r"<(h[1-6]|ul|ol|li|table|tr|pre)\b")
_CODE_HOST = MarkdownIt("commonmark", {"html": True}).enable("table")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that lie outside ``docs/``, and the notebook as a page."""
    for path, place in OUTSIDE.items():
        files.append(File.generated(config, place, abs_src_path=str(ROOT / path)))
    page = as_markdown(json.loads(NOTEBOOK.read_text(encoding="utf-8")))
    files.append(File.generated(config, "notebooks/quickstart.md", content=page))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Change links to and from the pages outside ``docs/``, so that they are right in the site."""
    place = page.file.src_uri
    here = posixpath.dirname(_PLACES.get(place, f"docs/{place}"))

    def in_the_site(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(here, link["path"]))
        leads_to = OUTSIDE.get(path) or path.removeprefix("docs/")
        if leads_to == path:  # neither a page nor in docs/: mkdocs reports it as broken
            return link["path"]
        if leads_to.endswith(".ipynb"):  # the site has the notebook as a page
            leads_to = leads_to.removesuffix(".ipynb") + ".md"
        return posixpath.relpath(leads_to, posixpath.dirname(place) or ".")

    return _LINK.sub(in_the_site, markdown)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Refuse a page whose numbers of lists, tables or blocks differ from those on a code host.

    Raises
    ------
    PluginError
        With the page and the two numbers. The usual reasons are a nested list that is indented by less than four
        spaces, and a list without an empty line before it.
    """
    there, here = (Counter(_BLOCK.findall(text)) for text in (_CODE_HOST.render(page.markdown or ""), html))
    if there != here:
        differs = ", ".join(
            f"{there[tag]} and not {here[tag]} <{tag}>"
            for tag in sorted({*there, *here})
            if there[tag] != here[tag]
        )
        raise PluginError(
            f"{page.file.src_uri}: a code host shows {differs}; indent the content of a list item by four spaces, "
            "and put an empty line before a list"
        )
    return html


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Refuse a page that would load something from the network.

    Raises
    ------
    PluginError
        With the page and the address that it would load.
    """
    if fetched := _FETCHED.search(output):
        raise PluginError(
            f"{page.file.src_uri}: the page would load something from the network: {fetched[0]}"
        )
    return output
