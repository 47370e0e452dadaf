"""The promise that a run needs nothing outside its machine, for journeys that keep it.

``contacts/sitecustomize.py`` notes the contacts, in the processes that a journey starts.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.standstills import measuring

CONTACTS = Path(__file__).with_name("contacts")


@dataclass(frozen=True)
class Watch:
    """Notes whom processes contact outside this machine, in files in a folder."""

    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """Return the environment of the processes that are watched."""
        # Behind the measure of standstills, which imports the next module of this name.
        path = os.pathsep.join([*filter(None, [measuring().get("PYTHONPATH")]), str(CONTACTS)])
        return {"JOURNEY_CONTACTS": str(self.folder), "PYTHONPATH": path}

    @property
    def commands(self) -> list[str]:
        """Return the command lines of the processes in which the hook was set."""
        return [note["command"] for note in self._notes() if note["event"] == "started"]

    @property
    def contacts(self) -> list[str]:
        """Return what was contacted outside this machine: the event, the host and the command line."""
        return [
            f"{note['event']} {note['host']!r} in {note['command']!r}"
            for note in self._notes()
            if note["event"] != "started"
        ]

    def _notes(self) -> list[dict[str, str]]:
        files = sorted(self.folder.glob("*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]
