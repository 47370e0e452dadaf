"""The commands: the module of each, and the application that has them.

The module of a command is imported when the command is called. All of them are imported for ``commentariat --help``,
for completion in a shell, and for a name that is no command, so that the message can list the names.
"""

from importlib import import_module

import typer

from flows.cli.app import app

_MODULES = {
    "init": ("init",),
    "run": ("run",),
    "serve": ("serve",),
    "up": ("up",),
    "status": ("status",),
    "report": ("report",),
    "explore": ("explore",),
    "sql": ("sql",),
    "search": ("search",),
    "try": ("try_",),
    "export": ("export",),
    "classify": ("classify",),
    "extract": ("extract",),
    "discover": ("discover",),
    "rescore": ("rescore",),
    "verify": ("verify",),
    "maintain": ("maintain",),
    "publish": ("publish",),
    "compact": ("compact",),
    "takedown": ("takedown",),
    "review": ("review", "review_serve"),
    "second-model": ("second_model",),
}
"""The modules of each command, or of each group of commands, in the order in which help lists them."""

_ORDER = list(_MODULES)


def application(name: str = "") -> typer.Typer:
    """Give the application with a command or a group of commands, or with all of them.

    Parameters
    ----------
    name
        The command that is called; anything else stands for all commands.
    """
    called = [_MODULES[name]] if name in _MODULES else list(_MODULES.values())
    for modules in called:
        for module in modules:
            import_module(f"flows.cli.{module}")  # which registers its command with the application
    app.registered_commands.sort(
        key=lambda command: _ORDER.index(str(command.name or getattr(command.callback, "__name__", "")))
    )
    app.registered_groups.sort(
        key=lambda group: _ORDER.index(str(group.typer_instance.info.name if group.typer_instance else ""))
    )
    return app
