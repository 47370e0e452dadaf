"""Measures how long the event loop of a night stands still while pages are fetched.

Python imports this module by itself in every process that has this folder on its search path. It measures while a
:class:`tasks.fetch.fetcher.Fetcher` is open, and then writes the longest standstill, with its cause, to a file in the
folder ``JOURNEY_TURNS``. The time before, in which Prefect starts and everything is imported, is left out: nobody waits
for the loop then. Everything else is the product as it is installed.

A standstill is the time between two turns of a timer on the loop, but not more than the processor time that the whole
process needed in it. So a slow disk and other work of the machine do not count. But a parser counts that holds
Python's lock in another thread, because the loop cannot turn without this lock.
"""

import asyncio
import importlib
import importlib.util
import itertools
import json
import os
import sys
import time
from functools import wraps
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path

LIMIT_S = 0.25
_BETWEEN_TURNS_S = 0.01
_NUMBERS = itertools.count(1)


class Standstills:
    """The longest standstill of a loop, and what caused it."""

    def __init__(self, loop) -> None:
        self._loop = loop
        self.longest, self.cause = 0.0, ""
        self._longest_callback = 0.0, ""
        self._running = None, 0.0
        self._run = asyncio.events.Handle._run
        asyncio.events.Handle._run = self._timed(self._run)
        self._clocks = time.perf_counter(), time.process_time()
        self._timer = loop.call_soon(self._turn)

    def _timed(self, run):
        def timed(handle):
            if handle._loop is not self._loop:
                return run(handle)
            self._running = handle, time.thread_time()
            try:
                return run(handle)
            finally:
                self._note_the_callback()

        return timed

    def _note_the_callback(self) -> None:
        handle, began = self._running
        # The time of its thread alone: in the middle of a callback, another thread may take Python's lock.
        if handle is not None and (took := time.thread_time() - began) > max(self._longest_callback[0], 0.01):
            self._longest_callback = took, _described(handle)

    def _turn(self) -> None:
        clocks = time.perf_counter(), time.process_time()
        stood_still = min(now - before for now, before in zip(clocks, self._clocks, strict=True))
        if stood_still > self.longest:
            took, callback = self._longest_callback
            is_cause = took > stood_still / 2
            self.longest = stood_still
            self.cause = callback if is_cause else "another thread held Python's lock, or many callbacks ran"
        self._longest_callback = 0.0, ""
        self._clocks = clocks
        self._timer = self._loop.call_later(_BETWEEN_TURNS_S, self._turn)

    def end(self) -> None:
        self._note_the_callback()
        self._turn()
        self._timer.cancel()
        asyncio.events.Handle._run = self._run


def _described(handle) -> str:
    """Name what a callback called; for a task, the coroutines down to the one that waits now."""
    task = getattr(handle._callback, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return repr(handle)
    coroutine, names = task.get_coro(), []
    while coroutine is not None:
        names.append(getattr(coroutine, "__qualname__", type(coroutine).__name__))
        coroutine = getattr(coroutine, "cr_await", None)
    return f"{task.get_name()}: {' > '.join(names)}"


def measured(fetcher: type, folder: Path):
    """Measure from now on while a fetcher is open; return a function that undoes this."""
    begin, finish = fetcher.__aenter__, fetcher.__aexit__
    measuring = []

    @wraps(begin)
    async def begin_and_measure(self):
        opened = await begin(self)
        measuring.append(Standstills(asyncio.get_running_loop()))
        return opened

    @wraps(finish)
    async def finish_and_write(self, *error):
        standstills = measuring.pop()
        standstills.end()
        found = {
            "seconds": standstills.longest,
            "cause": standstills.cause,
            "command": " ".join(sys.argv)[:200],
        }
        (folder / f"{os.getpid()}-{next(_NUMBERS)}.json").write_text(json.dumps(found))
        return await finish(self, *error)

    fetcher.__aenter__, fetcher.__aexit__ = begin_and_measure, finish_and_write

    def undo() -> None:
        fetcher.__aenter__, fetcher.__aexit__ = begin, finish

    return undo


class _Finder(MetaPathFinder):
    def find_spec(self, name, path, target=None) -> ModuleSpec | None:
        if name != "tasks.fetch.fetcher":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def execute_and_measure(module) -> None:
            execute(module)
            measured(module.Fetcher, Path(os.environ["JOURNEY_TURNS"]))

        spec.loader.exec_module = execute_and_measure
        return spec


def _import_the_next() -> None:
    """Import the next module of this name on the search path, which Python would have imported without this one."""
    here = str(Path(__file__).parent)
    path, sys.path[:] = [*sys.path], [folder for folder in sys.path if folder != here]
    own = sys.modules.pop("sitecustomize")
    try:
        importlib.import_module("sitecustomize")
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise
        sys.modules["sitecustomize"] = own
    finally:
        sys.path[:] = path


if __name__ == "sitecustomize":
    if "JOURNEY_TURNS" in os.environ:
        sys.meta_path.insert(0, _Finder())
    _import_the_next()
