"""Writing the reference pages, which are generated from the code."""

from collections.abc import Callable
from pathlib import Path

from documents import ROOT, command_line, configuration, outcomes, queries
from documents.dictionary import dictionary


def data_dictionary() -> str:
    """Return the data dictionary as Markdown: tables, views, macros, saved queries, audits and outcomes."""
    return dictionary() + outcomes.reference()


PAGES: dict[Path, Callable[[], str]] = {
    ROOT / "docs" / "cli.md": command_line.reference,
    ROOT / "docs" / "configuration.md": configuration.reference,
    ROOT / "docs" / "data-dictionary.md": data_dictionary,
    ROOT / "docs" / "queries.md": queries.reference,
}


def write() -> list[Path]:
    """Write the pages that are out of date, and return their paths."""
    stale = []
    for page, generated in PAGES.items():
        text = generated()
        if not page.is_file() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            stale.append(page)
    return stale
