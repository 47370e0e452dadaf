"""Writes the command line's reference from the commands themselves: ``python -m flows.cli.reference > docs/cli.md``."""

import inspect
import sys
from collections.abc import Iterator
from typing import Any, get_args

from typer.main import get_command

from flows.cli import app

_HEAD = """\
# The command line

Written by `python -m flows.cli.reference` from the commands themselves; `commentariat COMMAND --help` says the same.
`commentariat --install-completion` teaches your shell to complete commands and options.

Results go to standard output, everything else to standard error, so that output can be piped. In a pipe there are no
colours and no progress bars.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | done, but something people must know went wrong; or a fault of the program, with a traceback |
| 2 | a mistake in the configuration, in what was named, or in how the command was called |
| 3 | the classifier cannot be loaded |
| 4 | the warehouse cannot be read or written, or fails a check |
| 5 | another run is writing to the warehouse |
"""


def reference() -> str:
    """Write the reference as Markdown: every command with every argument and option."""
    group: Any = get_command(app)
    parts = [_HEAD]
    for name, command in group.commands.items():
        parts.append("\n".join(_command(f"commentariat {name}", command)))
        for part, inner in getattr(command, "commands", {}).items():
            parts[-1] = parts[-1].rstrip("\n") + "\n"
            parts.append("\n".join(_command(f"commentariat {name} {part}", inner, level="###")))
    return "\n".join(parts)


def _command(title: str, command: Any, *, level: str = "##") -> Iterator[str]:  # noqa: ANN401 - typer keeps the types of its commands private
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    usage = [
        title,
        "COMMAND" if hasattr(command, "commands") else "[OPTIONS]",
        *(_argument(one) for one in arguments),
    ]
    yield f"{level} `{title}`\n"
    yield f"    {' '.join(usage)}\n"
    yield f"{inspect.cleandoc(command.help)}\n"
    if arguments or options:
        yield "| | | default |"
        yield "|---|---|---|"
    for one in arguments:
        yield f"| `{one.metavar or one.name.upper()}` | {_cell(one.help)} | {_default(one)} |"
    for one in options:
        yield f"| {_names(one)} | {_cell(one.help)} | {_default(one)} |"
    yield ""


def _argument(argument: Any) -> str:  # noqa: ANN401 - as above
    name = argument.metavar or argument.name.upper()
    return str(name if argument.required else f"[{name}]")


def _names(option: Any) -> str:  # noqa: ANN401 - as above
    names = ", ".join(
        f"`{name}`" for name in sorted(option.opts, key=len, reverse=True) + option.secondary_opts
    )
    return names if option.is_flag else f"{names} {option.metavar or _values(option)}"


def _values(option: Any) -> str:  # noqa: ANN401 - as above
    kind = option.type_descriptor.annotation
    return "\\|".join(map(str, get_args(kind))) or getattr(kind, "__name__", "value").upper()


def _default(parameter: Any) -> str:  # noqa: ANN401 - as above
    if parameter.required:
        return "required"
    value = parameter.default
    return "" if value in (None, False, "", ()) or callable(value) else f"`{value}`"


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.write(reference())
