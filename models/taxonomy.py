"""Taxonomies: codes, labels and one-line descriptions of topics, from a small TOML file.

Two taxonomies are bundled in ``models/taxonomies``: ``cap`` (the major topics of the Comparative Agendas Project, on
which the bundled model was trained) and ``iptc`` (the top level of the IPTC Media Topics). Any other file of the same
form can be named. The topics of such a file are found by the similarity of meaning between label and text::

    name = "beats"
    title = "Our newsroom's beats"

    [[topics]]
    code = "transit"
    label = "Public transport"
    description = "Buses, trains, trams, fares and timetables."
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from commentariat import ConfigError

BUNDLED = Path(__file__).parent / "taxonomies"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of a taxonomy."""

    code: str
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A list of topics; its name is stored with every topic of an article, and its title is for people."""

    name: str
    title: str
    topics: tuple[Topic, ...]

    def fingerprint(self, own: str) -> str:
        """Give a fingerprint of all that determines the topics of a text.

        Parameters
        ----------
        own
            Name of the taxonomy on which the model was trained.

        Returns
        -------
        str
            The first 12 hex digits of a SHA-256; empty if this is the model's own taxonomy.
        """
        if own in bundled_taxonomies() and self._content() == load_taxonomy(own)._content():
            return ""
        return hashlib.sha256(self._content().encode()).hexdigest()[:12]

    def is_part_of(self, own: str) -> bool:
        """Whether every topic has the code and the description of a topic of the bundled taxonomy `own`.

        The labels do not count, because they may be translated. Nothing is compared if no such taxonomy is bundled.
        """
        if own not in bundled_taxonomies():
            return True
        known = {(topic.code, topic.description) for topic in load_taxonomy(own).topics}
        return known.issuperset((topic.code, topic.description) for topic in self.topics)

    def _content(self) -> str:
        rows = [[topic.code, topic.label, topic.description] for topic in self.topics]
        return json.dumps([self.name, rows])


def bundled_taxonomies() -> list[str]:
    """Names of the taxonomies that come with the project."""
    return sorted(path.stem for path in BUNDLED.glob("*.toml"))


def load_taxonomy(name: str) -> Taxonomy:
    """Load a bundled taxonomy by name, or a user's by the path of its TOML file.

    Raises
    ------
    ConfigError
        If there is no such taxonomy or file, or the file is incomplete.
    """
    try:
        path = BUNDLED / f"{name}.toml"
        if not path.is_file():
            path = Path(name).expanduser()
        is_there = path.is_file()
    except (OSError, RuntimeError) as error:  # a name that is too long, or a home folder that is not known
        raise ConfigError(f"The taxonomy {name} cannot be read: {error}") from error
    if not is_there:
        raise ConfigError(
            f"Unknown taxonomy {name!r}: it is neither one of {', '.join(bundled_taxonomies())} "
            "nor the path of a TOML file."
        )
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"Cannot read the taxonomy {path}: {error}") from error
    rows = raw.get("topics")
    if not isinstance(rows, list) or not rows:
        raise ConfigError(f"The taxonomy {path} has no [[topics]] entries.")
    topics = []
    for number, row in enumerate(rows, start=1):
        fields = [row.get(key) if isinstance(row, dict) else None for key in ("code", "label", "description")]
        if not all(isinstance(field, str) and field.strip() for field in fields):
            raise ConfigError(
                f"Entry {number} of [[topics]] in {path} needs code, label and description, each a "
                "non-empty string."
            )
        topics.append(Topic(*(str(field).strip() for field in fields)))
    codes = [topic.code for topic in topics]
    if len(set(codes)) < len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise ConfigError(f"The code {twice!r} is used twice in the taxonomy {path}.")
    return Taxonomy(str(raw.get("name", path.stem)), str(raw.get("title", path.stem)), tuple(topics))
