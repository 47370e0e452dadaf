"""The installed console script, run as a stranger runs it: an empty home, an empty folder, no settings.

A run without PREFECT_API_URL starts a Prefect server of its own, which takes several seconds. `test_demo.py` and
`test_inputs.py` have such runs; the others name the server of all tests.

A process of its own imports Prefect and the rest and loads the model, which takes six seconds of processor time.
What a journey tests is mostly what its runs leave behind, and those go through :class:`SameProcess`.
"""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.journeys.standstills import measuring

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
        # Coverage, the search path of programs and the measure of standstills are all that is kept of the environment.
        kept = {name: value for name, value in os.environ.items() if name.startswith(("COV_", "COVERAGE"))}
        kept |= measuring()
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


@dataclass(frozen=True)
class SameProcess:
    """The command line called in this process, as the console script calls it, with the Prefect server at ``api``."""

    here: Path
    api: str

    def types(self, *arguments: object) -> Ended:
        """Run ``commentariat`` with these arguments in the folder ``here``, and give how it ended."""
        from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415 - takes seconds to import

        from flows.cli import main  # noqa: PLC0415
        from flows.monitoring import command_run  # noqa: PLC0415

        before = dict(os.environ)
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with pytest.MonkeyPatch.context() as patched, temporary_settings({PREFECT_API_URL: self.api}):
            patched.chdir(self.here)
            patched.setattr(sys, "argv", ["commentariat", *map(str, arguments)])
            # A command ends the whole process where the server is silent for longer; here that would be the tests'.
            patched.setattr(command_run, "SERVER_PATIENCE_SECONDS", 240.0)
            # There are few pages, and each worker process takes more than a second to start.
            patched.setenv("COMMENTARIAT_EXTRACT__WORKERS", "1")
            patched.setenv("COLUMNS", "120")
            with redirect_stdout(out), redirect_stderr(err):
                try:
                    main()
                    code = 0
                except SystemExit as end:
                    code = end.code if isinstance(end.code, int) else 0
        for name in os.environ.keys() - before.keys():  # what a command sets for Prefect
            del os.environ[name]
        return Ended(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))
