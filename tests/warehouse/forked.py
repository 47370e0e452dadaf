"""Processes that have imported what they need when they begin: each is a fork of one that has imported it.

A fresh interpreter takes a second for that, and dozens are started here. A fork has nothing else of the tests' own
process: no connection, no thread, and the environment as it is now.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.process import BaseProcess

CONTEXT = multiprocessing.get_context("forkserver")
# What is not installed is left out.
CONTEXT.set_forkserver_preload(
    ["pytest", "tests.warehouse.one_night", "warehouse.verify", "s3fs", "deltalake"]
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
