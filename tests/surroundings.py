"""What tests must not read from the environment of the person or the service that runs them.

Many tests call commands in their own process. Variables of this project and of Prefect would be settings of these
commands: a test would send messages to the person's own channel, or write to the person's own warehouse. Variables of
terminals would change what commands print.
"""

from collections.abc import MutableMapping

#: Variables that only tests read.
_OF_TESTS = frozenset({"COMMENTARIAT_AXE", "COMMENTARIAT_SCREENSHOTS", "COMMENTARIAT_SEED_DIR"})
_OF_TERMINALS = frozenset(
    {"FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS", "TERMINAL_WIDTH", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}
)


def forget(environment: MutableMapping[str, str]) -> None:
    """Remove these variables, and name a terminal that can draw; before typer and Prefect read them at their import."""
    for name in list(environment):
        is_a_setting = name.startswith(("COMMENTARIAT_", "PREFECT_")) and name not in _OF_TESTS
        if is_a_setting or name in _OF_TERMINALS:
            del environment[name]
    environment["TERM"] = "xterm-256color"
