"""Where tests write, how many examples hypothesis makes up, the order of the files, and one Prefect server for all.

Few examples are made up, or many with ``pytest --hypothesis-profile many``. A busy machine is no fault: no example has
a deadline of its own.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import Phase, settings

# Each process of the tests has a core. Torch and numpy would start a thread for every core in every one of them, and
# what they add up would depend on how many there are. Read when these libraries are first imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

#: Room that all tests together have to find for what they write.
_BYTES = 4 << 30


def _has_room(folder: Path) -> bool:
    """Say whether this is a folder for all tests: large enough, and programs in it may be run."""
    if not os.access(folder, os.W_OK):
        return False
    there = os.statvfs(folder)
    return there.f_bavail * there.f_frsize > _BYTES and not there.f_flag & os.ST_NOEXEC


# A commit syncs some thirty files and folders, and a disk takes milliseconds for each: a third of the time of a commit.
# In memory nobody waits for that. Whoever sets TMPDIR has the tests write there.
if "TMPDIR" not in os.environ and _has_room(Path("/dev/shm")):
    os.environ["TMPDIR"] = "/dev/shm"
    tempfile.tempdir = None  # found anew when it is next asked for

settings.register_profile("few", deadline=None)
settings.register_profile("many", deadline=None, max_examples=5_000)
# As many, and the first that fails ends it: it is not made simpler.
settings.register_profile("first", deadline=None, max_examples=5_000, phases=[Phase.explicit, Phase.generate])
settings.load_profile("few")

#: The folders whose files take longest. They begin first, so that no process of several is left with one at the end.
_LONGEST_FIRST = ("tests/journeys/", "tests/warehouse/", "tests/training/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        folders = [n for n, folder in enumerate(_LONGEST_FIRST) if item.nodeid.startswith(folder)]
        return folders[0] if folders else len(_LONGEST_FIRST)

    items.sort(key=place)


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a Prefect server with a database of its own, for all tests of this process; give the address of its API."""
    from flows.serving.local_server import free_port, local_server  # noqa: PLC0415 - most tests need no Prefect

    with ExitStack() as server:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
            api = server.enter_context(local_server(free_port()))
        yield api


@pytest.fixture(scope="module")
def prefect_server(prefect_api: str) -> Iterator[str]:
    """Let the flows of this file run on the Prefect server of all tests."""
    from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415

    with temporary_settings({PREFECT_API_URL: prefect_api}):
        yield prefect_api
