"""Settings of all tests: the environment, the folder for files, the number of hypothesis examples, file order.

And the Prefect servers, and a folder in which permissions count, whoever runs the tests.

Hypothesis makes up few examples, or many with ``pytest --hypothesis-profile many``. They are others each time,
but for the few ones of a run with ``CI``, whose failures must come from the change that it checks. They have no
deadline, because the machine may be busy.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.long_tests import LONG
from tests.ports import own_port
from tests.surroundings import forget

forget(os.environ)

# Each process of the tests uses one core. Otherwise torch and numpy would start a thread for every core in each of
# them, and their sums would depend on the number of threads. These libraries read the variables at their first import.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A shell script starts its background commands so that they ignore Ctrl-C, and they hand this on to all processes that
# they start. Tests end commands by Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

#: Free space that all tests together need for their files.
_BYTES = 4 << 30


def _has_room(folder: Path) -> bool:
    """Whether a folder can be used by all tests: it has enough space, and programs in it may be run."""
    if not os.access(folder, os.W_OK):
        return False
    there = os.statvfs(folder)
    return there.f_bavail * there.f_frsize > _BYTES and not there.f_flag & os.ST_NOEXEC


# A commit syncs about thirty files and folders, and a disk needs milliseconds for each: a third of a commit's time.
# In memory this takes no time. If TMPDIR is set, tests write there.
if "TMPDIR" not in os.environ and _has_room(Path("/dev/shm")):
    os.environ["TMPDIR"] = "/dev/shm"
    tempfile.tempdir = None  # tempfile chooses it again at its next use

# The person's own has a profile, which may name a server, and the database of the person's runs.
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="commentariat-prefect-")
atexit.register(shutil.rmtree, os.environ["PREFECT_HOME"], ignore_errors=True)

# Without a parent, a profile has on a service that runs tests what hypothesis's own profile "ci" has: the same examples
# each time, whatever the seed.
_MADE_UP = settings(
    settings.get_profile("default"),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,  # how to make up an example again that failed elsewhere
)
_SAME = settings(_MADE_UP, derandomize=True, database=None)
settings.register_profile("few", _SAME if os.environ.get("CI") else _MADE_UP)
settings.register_profile("many", _MADE_UP, max_examples=5_000)
# For benchmarks.machine_made, which repeats it with other seeds.
settings.register_profile("long", _MADE_UP, max_examples=1_000)
# As many examples, but the first failure ends the test: hypothesis does not search for a simpler example.
settings.register_profile("first", _MADE_UP, max_examples=5_000, phases=[Phase.explicit, Phase.generate])
settings.load_profile("few")

#: The folders whose files take longest. Their tests begin first, so that not one process works alone at the end.
_LONGEST_FIRST = ("tests/journeys/", "tests/warehouse/", "tests/training/")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import long tests if none is to run: each process would need seconds for that."""
    if "not long" not in config.option.markexpr:
        return None
    path = collection_path.relative_to(config.rootpath).as_posix()
    return True if f"{path}/" in LONG or path in LONG else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        folders = [n for n, folder in enumerate(_LONGEST_FIRST) if item.nodeid.startswith(folder)]
        return folders[0] if folders else len(_LONGEST_FIRST)

    items.sort(key=place)
    for item in items:
        if item.nodeid.startswith(tuple(LONG)):
            item.add_marker(pytest.mark.long)


#: Words in the command lines of Prefect servers: of a lasting one, and of that of one run.
_SERVERS = (b"prefect\0server\0start\0", b"prefect.server.api.server:create_app\0")
_SECONDS_TO_END = 30.0


def _servers_of(folder: Path) -> dict[int, str]:
    """Find the Prefect servers that keep their files in a folder: ids of processes, and their command lines."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):  # Linux; elsewhere none is found
        try:
            command = (process / "cmdline").read_bytes()
            if not any(words in command for words in _SERVERS):
                continue
            environment = (process / "environ").read_bytes().split(b"\0")
            # Every process that a journey starts is given the place of the measures, also the temporary server of the
            # process of the tests, which ends with it.
            if any(
                f"={folder}/".encode() in setting and not setting.startswith(b"JOURNEY_TURNS=")
                for setting in environment
            ):
                found[int(process.name)] = command.replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has just ended, or is another user's
            continue
    return found


@pytest.fixture(scope="session", autouse=True)
def no_server_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fail at the end, after all other fixtures, if a Prefect server that the tests of this process started is left."""
    yield
    deadline = time.monotonic() + _SECONDS_TO_END
    while (left := _servers_of(tmp_path_factory.getbasetemp())) and time.monotonic() < deadline:
        time.sleep(0.3)
    for process in left:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    assert not left, f"the tests have left Prefect servers: {left}"


#: The user "nobody", who may do only what everybody may.
_NOBODY = 65_534


@pytest.fixture
def folder_with_permissions() -> Iterator[Path]:
    """Give a folder in which permissions bind this process. Root, whom none binds, is another user until the test ends.

    It is not the folder that pytest gives, because no other user may enter that one.
    """
    with tempfile.TemporaryDirectory(prefix="commentariat-") as name:
        folder = Path(name)
        if os.geteuid() != 0:
            yield folder
            return
        try:
            os.chown(folder, _NOBODY, _NOBODY)
            os.seteuid(_NOBODY)
            for needed in (folder, Path(__file__).parent, Path(sys.prefix)):
                os.listdir(needed)  # noqa: PTH208 - it is asked whether it can be read, not what is in it
        except OSError as error:
            os.seteuid(0)
            pytest.skip(f"root cannot be another user here: {error}")
        try:
            yield folder
        finally:
            os.seteuid(0)


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a Prefect server with a database of its own for all tests of this process; yield the address of its API."""
    from flows.serving.local_server import local_server  # noqa: PLC0415 - most tests need no Prefect

    with ExitStack() as server:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
            api = server.enter_context(local_server(own_port()))
        yield api
        # What Prefect has not sent yet, it would try to send at the exit of this process: without the server, for seven
        # seconds an event, and a question about the run for four minutes.
        if (prefect := sys.modules.get("prefect.events.worker")) is not None:
            prefect.EventsWorker.drain_all(timeout=60)


@pytest.fixture(scope="module")
def prefect_server(prefect_api: str) -> Iterator[str]:
    """Run the flows of this file on the Prefect server of all tests."""
    from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415

    with temporary_settings({PREFECT_API_URL: prefect_api}):
        yield prefect_api
