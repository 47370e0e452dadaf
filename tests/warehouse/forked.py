"""Processes with all imports already done: each is a fork of a process that has imported the modules.

A new interpreter needs a second for the imports, and the tests start dozens of processes. A fork shares nothing else
with the process of the tests: no connection and no thread. It has the present environment variables.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.process import BaseProcess

CONTEXT = multiprocessing.get_context("forkserver")
# Modules that are not installed are left out.
CONTEXT.set_forkserver_preload(
    ["pytest", "tests.warehouse.one_night", "warehouse.upkeep.verify", "s3fs", "deltalake"]
)


def started(function: Callable[..., object], *arguments: object) -> BaseProcess:
    """Start a process that calls a function of a module."""
    process = CONTEXT.Process(target=_call, args=(dict(os.environ), function, arguments), daemon=True)
    process.start()
    return process


def _call(
    environment: dict[str, str], function: Callable[..., object], arguments: tuple[object, ...]
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    function(*arguments)
