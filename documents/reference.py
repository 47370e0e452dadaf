"""The pages of the reference, which are generated from the code."""

from collections.abc import Callable
from pathlib import Path

from documents import configuration, queries
from flows.cli.reference import reference as command_line
from warehouse.dictionary import dictionary

ROOT = Path(__file__).parent.parent
PAGES: dict[Path, Callable[[], str]] = {
    ROOT / "docs" / "cli.md": command_line,
    ROOT / "docs" / "configuration.md": configuration.reference,
    ROOT / "docs" / "data-dictionary.md": dictionary,
    ROOT / "docs" / "queries.md": queries.reference,
}


def write() -> list[Path]:
    """Write the pages that are stale, and say which they were."""
    stale = [page for page in PAGES if not _is_current(page)]
    for page in stale:
        page.write_text(PAGES[page](), encoding="utf-8")
    return stale


def _is_current(page: Path) -> bool:
    return page.is_file() and page.read_text(encoding="utf-8") == PAGES[page]()
