"""The installed console script, run as a stranger runs it: an empty home, an empty folder, no settings.

A run without PREFECT_API_URL starts a Prefect server of its own, which takes several seconds. `test_demo.py` and
`test_inputs.py` have such runs; the others name the server of all tests.
"""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

SCRIPT = Path(sys.executable).with_name("commentariat")


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Stranger:
    """Someone at a machine on which nothing has been configured."""

    here: Path
    settings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def with_server(cls, here: Path, api: str) -> "Stranger":
        """Someone whose runs go to the Prefect server at this address."""
        return cls(here, {"PREFECT_API_URL": api})

    def types(self, *arguments: object) -> Ended:
        """Run ``commentariat`` with these arguments and wait for its end."""
        home = self.here / "home"
        home.mkdir(exist_ok=True)
        # Coverage and the search path of programs are all that is kept of this process's environment.
        kept = {name: value for name, value in os.environ.items() if name.startswith(("COV_", "COVERAGE"))}
        environment = kept | {"PATH": os.environ["PATH"], "HOME": str(home), "COLUMNS": "120"} | self.settings
        done = subprocess.run(
            [SCRIPT, *map(str, arguments)],
            cwd=self.here,
            env=environment,
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)
