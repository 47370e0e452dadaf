"""Stops a night inside a station, so that a journey can cause a fault at exactly this moment.

Python imports this module by itself in every process that has this folder on its search path. The station named in the
file ``JOURNEY_HOLD`` waits, in its task run and before its work, until the file is deleted. While it waits, there is a
file with the ending ``.reached`` beside that file. If a station is called for each micro-batch, the call for the second
one waits. Everything else is the product as it is installed.
"""

import asyncio
import importlib.util
import inspect
import os
import sys
from functools import wraps
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path

_SECOND = (2, "batch 0002", None)  # None: a station without a number, since it is called once


def _held(name, work):
    file = Path(os.environ["JOURNEY_HOLD"])

    def is_meant(arguments) -> bool:
        try:
            return file.read_text() == name and arguments.get("batch") in _SECOND
        except FileNotFoundError:
            return False

    @wraps(work)
    async def held(*args, **kwargs):
        arguments = inspect.signature(work).bind(*args, **kwargs).arguments
        while is_meant(arguments):
            file.with_suffix(".reached").write_text(name)
            await asyncio.sleep(0.1)
        return await work(*args, **kwargs)

    return held


class _Finder(MetaPathFinder):
    def find_spec(self, name, path, target=None) -> ModuleSpec | None:
        if name != "tasks.stations":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def execute_and_hold(module) -> None:
            execute(module)
            for station in [one for key, one in vars(module).items() if key.endswith("_station")]:
                task = station if hasattr(station, "fn") else getattr(station, "__wrapped__", None)
                if hasattr(task, "fn"):
                    task.fn = _held(task.name, task.fn)

        spec.loader.exec_module = execute_and_hold
        return spec


if "JOURNEY_HOLD" in os.environ:
    sys.meta_path.insert(0, _Finder())
