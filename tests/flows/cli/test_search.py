"""``commentariat search``: articles by the words in them."""

import csv
import io
from pathlib import Path

from tests.flows.conftest import Command


def test_search_finds_articles_by_their_words(command: Command, published: Path):
    ended = command("search", '"asked the workers"', "-w", published, "-n", "3", "-f", "csv")
    found = list(csv.DictReader(io.StringIO(ended.out)))
    assert len(found) == 3
    assert all(row["title"].startswith("Piece 1/") for row in found)
    assert (
        list(csv.DictReader(io.StringIO(command("search", "zebra", "-w", published, "-f", "csv").out))) == []
    )
    two_words = command("search", "asked", "workers", "-w", published, "-f", "csv")
    assert len(list(csv.DictReader(io.StringIO(two_words.out)))) == 12
    nothing = command("search", "???", "-w", published)
    assert nothing.code == 2
    assert nothing.err == "commentariat: '???' holds no word to search for\n"
