"""The typer application and the options that several commands share."""

import shlex
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import typer

import commentariat

_Words = TypeVar("_Words", bound="str | Path | list[str] | None")
_Name = TypeVar("_Name", bound="str | None")

app = typer.Typer(
    name="commentariat",
    help="Reads opinion pages every night, finds the topic and stance of each article, and stores them for queries "
    "in SQL.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def named_path(text: str | Path) -> Path:
    """Read a path of the command line; refuse an empty one, which Python would read as the current folder.

    A leading ``~`` is the home folder also where the shell leaves it as it is, as in ``--warehouse=~/press``. A name
    that only begins with ``~`` is a name.

    Parameters
    ----------
    text
        The path as it was typed, or the default of the parameter.

    Raises
    ------
    typer.BadParameter
        When it is empty, as ``"$NAME"`` is if no such variable is set; when the home folder is not known; or when
        nobody can look there, because a name is too long or a folder is closed to this user.
    """
    path = Path(text)
    if not str(text).strip():
        raise typer.BadParameter("the path is empty: name one, or leave it out")
    if path.parts[:1] and path.parts[0].startswith("~"):
        from tasks.home import with_home_if_known

        try:
            path = with_home_if_known(path)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
    try:
        path.exists()
    except OSError as error:
        raise typer.BadParameter(f"{text}: {error.strerror or error}") from error
    return path


def in_utf8(words: _Words, option: typer.CallbackParam) -> _Words:
    """Refuse words that are not UTF-8: the Prefect server, DuckDB and Arrow take nothing else.

    Raises
    ------
    InputError
        When a word, or the name of a file, has other bytes, which Python keeps as halves of surrogate pairs.
    """
    named: Sequence[object] = words if isinstance(words, list) else [words]
    for word in named:
        typed = "" if word is None else str(word)
        try:
            typed.encode()
        except UnicodeEncodeError:
            name = option.opts[0] if option.param_type_name == "option" else option.metavar
            shown = typed.encode(errors="surrogateescape").decode(errors="replace")
            remedy = "give it a name in UTF-8" if isinstance(word, Path) else "write it in UTF-8"
            if "--input" in option.opts:
                remedy += ", or, if it is the name of a file, name its folder instead"
            raise commentariat.InputError(f"{name} {shown!r}: this is not UTF-8; {remedy}") from None
    return words


def not_empty_name(name: _Name) -> _Name:
    """Refuse an empty name that may be that of a file or folder, which Python would read as the current folder.

    Raises
    ------
    typer.BadParameter
        When it is empty, as ``"$NAME"`` is if no such variable is set.
    """
    if name is not None and not name.strip():
        raise typer.BadParameter("the name is empty: write one, or leave it out")
    return name


def not_empty_name_in_utf8(name: _Name, option: typer.CallbackParam) -> _Name:
    """Refuse an empty name as :func:`not_empty_name` does, and one that is not UTF-8, because it is stored.

    Raises
    ------
    typer.BadParameter
        When it is empty.
    InputError
        When it is not UTF-8.
    """
    return in_utf8(not_empty_name(name), option)


ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        metavar="FILE",
        parser=named_path,
        callback=in_utf8,
        help="Configuration file. Without it: `commentariat.toml` in this folder, or else the bundled sample.",
    ),
]
WarehouseOption = Annotated[
    Path | None,
    typer.Option(
        "--warehouse",
        "-w",
        metavar="DIR",
        parser=named_path,
        callback=in_utf8,
        help="Warehouse folder. Without it: the configured one.",
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", parser=named_path, help="Write to this file, not to the terminal."
    ),
]
ResultOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        parser=named_path,
        help="Write to this file, not to the terminal. The ending sets the format: .csv, .json, .jsonl, .parquet "
        "or .txt.",
    ),
]
FormatOption = Annotated[
    Literal["table", "csv", "json", "parquet"] | None,
    typer.Option(
        "--format", "-f", help="Format of the answer; without it a table. json is one object per line."
    ),
]
TablesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="NAME=FILE",
        help="A table of your own: CSV, TSV, JSON lines or Parquet; may be repeated.",
    ),
]


def _checked_stated_right(share: float | None) -> float | None:
    from models.loading import checked_stated_right

    try:
        return None if share is None else checked_stated_right(share)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


STATED_RIGHT_OPTION = typer.Option(
    "--stated-right",
    metavar="SHARE",
    callback=_checked_stated_right,
    help="Share of the sides stated on general statements that is to be right; a higher one gives more `unsure`.",
)
DATES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
"""Formats of days and times on the command line."""
MOST = 1_000_000_000
"""Most articles or questions that an option can ask for; a database has no number for any text of digits."""
PortOption = Annotated[
    int, typer.Option("--port", "-p", min=0, max=65535, help="Port on this machine; 0 chooses a free one.")
]
OpenOption = Annotated[bool, typer.Option("--open", help="Open the page in the browser.")]
SinceOption = Annotated[
    datetime | None,
    typer.Option(
        metavar="DAY",
        formats=DATES,
        help="Only articles published on or after this day (UTC), or a time such as 2026-11-01T06:00:00.",
    ),
]
UntilOption = Annotated[
    datetime | None,
    typer.Option(
        metavar="DAY", formats=DATES, help="Only articles published before this day (UTC), or a time."
    ),
]


def refuse_empty_period(since: datetime | None, until: datetime | None) -> None:
    """Check that there is some time between the ends of a period.

    Raises
    ------
    InputError
        When there is none, which would give an empty answer without a message.
    """
    if since and until and since >= until:
        raise commentariat.InputError("--since must be before --until: there is no time between the two")


def warehouse_path(warehouse: Path | None, config: Path | None) -> Path:
    """Give the folder of the warehouse that a command uses: the named one, or else the configured one."""
    if warehouse is not None:
        from tasks.whole_path import without_links

        return without_links(warehouse)
    from flows.settings.for_queries import queried_places

    return queried_places(config).warehouse.path


def same_options(config: Path | None, warehouse: Path | None) -> str:
    """Write the options with which another command uses the configuration and the warehouse of this one."""
    named = (("-c", config), ("-w", warehouse))
    return "".join(f" {option} {shlex.quote(str(path))}" for option, path in named if path is not None)


def tables_of(named: list[str] | None, warehouse: Path | None, config: Path | None) -> dict[str, Path]:
    """Give the user's own tables: those named on the command line and, if the configuration is used, those in it."""
    from warehouse.querying.own_tables import named_files

    on_the_line = named_files(named or [])
    if warehouse is not None and config is None:
        return on_the_line
    from flows.settings.for_queries import queried_places

    return dict(queried_places(config).tables) | on_the_line


VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's own log lines too.")]
MinFilesOption = Annotated[
    int,
    typer.Option(min=2, max=1_000_000, help="Merge a month of a table if it has at least this many files."),
]
MIN_FILES = 8
TRASH_DAYS = 30
"""The defaults of these options are those of ``warehouse.upkeep``, which help does not import; a test compares them."""


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"commentariat {commentariat.__version__}")
        raise typer.Exit


@app.callback()
def commentariat_command(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Read opinion pages, find the topic and stance of each article, and store them for queries in SQL."""
