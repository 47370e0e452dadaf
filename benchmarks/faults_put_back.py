"""Put faults of earlier versions back, one at a time, and measure how soon the tests with generated examples find them.

``python -m benchmarks.faults_put_back [NAME ...]``. Each fault is put into a copy of the working tree. The test runs
there with many examples until it fails, but at most ten minutes. Two times are printed: the seconds on the clock, and
the seconds of processor time, which do not depend on the load of the machine.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST_SECONDS = 600


@dataclass(frozen=True)
class Fault:
    """A fault: a description, the changes that put it back, and the test that should find it.

    Attributes
    ----------
    test
        The test file, and further arguments of pytest.
    changes
        For each change: the file, the present text, and the text with the fault.
    """

    meaning: str
    test: str
    changes: tuple[tuple[str, str, str], ...]


ANY_SEQUENCE, ANY_KILL = "tests/warehouse/test_any_sequence.py", "tests/warehouse/writing/test_any_kill.py"
FAULTS = {
    "listed": Fault(
        "A takedown by the address that a feed lists leaves the article",
        ANY_SEQUENCE,
        (
            (
                "warehouse/sql/takedown.sql",
                "    UNION SELECT article_id FROM led_to WHERE url IN (SELECT url FROM named) "
                "OR url IN (SELECT name FROM urls)\n",
                "",
            ),
        ),
    ),
    "again": Fault(
        "A feed that still lists the piece brings its headline back",
        ANY_SEQUENCE,
        (
            (
                "warehouse/upkeep/takedown.py",
                '    return _until_not_overtaken(writer, lambda: writer.query_file("came_since"), note=note)',
                "    return None",
            ),
        ),
    ),
    "intent": Fault(
        "A commit that fails after its renames and is retried deletes its own list of names",
        ANY_KILL,
        (
            (
                "warehouse/writing/staging.py",
                '    folder = root / "staging" / run_id / f"{name}-{uuid4().hex[:8]}"\n',
                '    folder = root / "staging" / run_id / name\n    shutil.rmtree(folder, ignore_errors=True)\n',
            ),
            (
                "warehouse/writing/staging.py",
                "            undo(root, log, folder)\n        raise",
                "            pass\n        raise",
            ),
        ),
    ),
    "purged": Fault(
        "A takedown deletes in the shared place only what lies here too: nothing that another machine compacted, and "
        "nothing after a kill",
        ANY_KILL,
        (
            (
                "warehouse/log/replaced_files.py",
                "        _purge_remotely(root, log)\n        replaced =",
                "        here = [path for path in log.replaced(until=log.last_takedown) if is_kept(root, path)]\n"
                "        if here:\n            first()\n"
                "        for path in here:\n            (root / path).unlink(missing_ok=True)\n"
                "        if log.remote:\n            log.remote.delete(here)\n        replaced =",
            ),
        ),
    ),
    "left over": Fault(
        "A kill while an entry is created leaves a file in the shared log",
        ANY_KILL,
        (
            (
                "warehouse/sharing/shared_folder.py",
                "return remove_asides(place.parent, place.name)",
                "return 0 * len(place.name)",
            ),
        ),
    ),
    "padding": Fault(
        "A packed body with bytes behind its end freezes the process",
        "tests/tasks/fetch/test_unpack.py -k any_content",
        (
            (
                "tasks/fetch/unpack.py",
                "        while not self.whole:\n            piece = self._stream.decompress(data, PIECE)\n",
                "        while data:\n            piece = self._stream.decompress(data, PIECE)\n",
            ),
        ),
    ),
    "section": Fault(
        "A pattern over the paths of links takes seconds for one path",
        "tests/test_patterns.py -k article_paths",
        (
            (
                "tasks/addresses/article_paths.py",
                're.compile(r"/(?:19|20)',
                're.compile(r"/[^/]*(?:[^/-]+-){3,}[^/]*/?$|/(?:19|20)',
            ),
        ),
    ),
    "beside": Fault(
        "Verify reads the log first and calls what is committed meanwhile a stray",
        "tests/warehouse/upkeep/test_verify_beside.py",
        (
            (
                "warehouse/upkeep/strays.py",
                "    places = [\n",
                "    early = {f.path for c in log for f in c.add}\n    places = [\n",
            ),
            (
                "warehouse/upkeep/strays.py",
                "    known = begun | {file.path for commit in log for file in commit.add}\n",
                "    known = early\n",
            ),
        ),
    ),
    "export": Fault(
        "An export takes its tables from several snapshots",
        "tests/warehouse/exporting/test_any_export.py",
        (("warehouse/exporting/export.py", "with pinned_after_takedowns(reader):", "if reader:"),),
    ),
    "password": Fault(
        "A password with a slash is stored with its address",
        "tests/tasks/test_sources.py",
        (
            ("tasks/sources.py", "if may_hold_a_password(location) and", "if not location and"),
            (
                "tasks/addresses/credentials.py",
                "    at = _end_of_credentials(rest)\n    return address",
                '    at = rest.rfind("@", 0, _end(_BEHIND_HOST, rest))\n    return address',
            ),
        ),
    ),
}


def copy_of_the_tree(folder: Path) -> None:
    """Copy the files that git tracks, with their content in the working tree."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)


def put_back(fault: Fault, folder: Path) -> None:
    """Put the fault into the code in ``folder``."""
    for name, right, wrong in fault.changes:
        file = folder / name
        text = file.read_text(encoding="utf-8")
        assert text.count(right) == 1, f"{name} does not have this text any more: {right!r}"
        file.write_text(text.replace(right, wrong), encoding="utf-8")


def pytest_command(profile: str, timeout_s: int, *arguments: str) -> list[str]:
    """Return the command that runs tests with as many examples as a profile makes up, until the first failure."""
    options = ["-q", "-x", "-p", "no:cacheprovider", "--hypothesis-profile", profile]
    return [sys.executable, "-m", "pytest", *options, "--timeout", str(timeout_s), *arguments]


def is_found(fault: Fault, folder: Path) -> tuple[bool, str]:
    """Run the test; return whether it failed within its time, and its last line."""
    command = pytest_command("first", MOST_SECONDS, *fault.test.split())
    try:
        ended = subprocess.run(
            command, cwd=folder, check=False, capture_output=True, text=True, timeout=2 * MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        return False, "no end"
    last = next(
        (line for line in reversed(ended.stdout.splitlines()) if line.startswith(("E  ", "FAILED"))), ""
    )
    return ended.returncode == 1 and "Timeout (>" not in ended.stdout, last[:160]


def main(names: list[str]) -> None:
    """Put back the named faults one by one, or all faults if none is named."""
    for name in names or FAULTS:
        fault = FAULTS[name]
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            copy_of_the_tree(folder)
            put_back(fault, folder)
            began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            is_caught, last = is_found(fault, folder)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            seconds = time.monotonic() - began
            result = "found" if is_caught else "NOT FOUND"
            print(
                f"{name}: {result} after {seconds:.0f} s, {busy:.0f} s of the processor. {last}", flush=True
            )


if __name__ == "__main__":
    main(sys.argv[1:])
