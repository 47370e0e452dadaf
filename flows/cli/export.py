"""``commentariat export``: writes data to files for use elsewhere, with a manifest."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from flows.cli.app import (
    ConfigOption,
    TablesOption,
    WarehouseOption,
    app,
    in_utf8,
    named_path,
    tables_of,
    warehouse_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from warehouse.exporting.citable import Citable
    from warehouse.exporting.export import Exported

_Format = Literal["parquet", "csv", "jsonl"]
_MOST_DIGITS = 18
"""Most digits of the number of a commit; of more than 4,300 digits, Python makes no number."""
_MOST_NAMED = 8
"""Most files of the folder that the remark on other files names."""


@app.command()
def export(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", parser=named_path, help="Folder to write to; it is made if missing."
        ),
    ],
    tables: Annotated[
        list[str] | None,
        typer.Option(
            "--table",
            metavar="NAME",
            callback=in_utf8,
            help="Only this table or view; may be repeated. Without --table and --query: all tables, the articles' "
            "texts included.",
        ),
    ] = None,
    queries: Annotated[
        list[str] | None,
        typer.Option(
            "--query",
            metavar="NAME",
            callback=in_utf8,
            help="The answer of this saved query; may be repeated.",
        ),
    ] = None,
    output_format: Annotated[
        _Format, typer.Option("--format", "-f", help="Format of the files.")
    ] = "parquet",
    at: Annotated[
        str | None,
        typer.Option(
            metavar="COMMIT|DAY",
            callback=in_utf8,
            help="A citable export: the tables as they were at a commit, or at the end of a day (UTC).",
        ),
    ] = None,
    texts: Annotated[bool, typer.Option("--texts", help="With `--at`: also the articles' texts.")] = False,
    training: Annotated[
        bool,
        typer.Option(
            "--training",
            help="The answers of the second model and of people, as training data for a model of your own.",
        ),
    ] = False,
    own_tables: TablesOption = None,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write tables, views or answers of saved queries to files, with a manifest of rows, columns and checksums.

    For example:

    `commentariat export handover --table article --table current_stance --format csv`

    `commentariat export handover --query stances_by_outlet`

    `commentariat export cited --at 2026-11-30` (with a codebook; the same export made later has the same hashes)

    `commentariat export my-data --training`
    """
    from commentariat import InputError
    from flows.cli.remarks import print_remark
    from warehouse.querying.own_queries import remarks_on_unused, saved_sql

    if training:
        if tables or queries or own_tables or at is not None or texts or output_format != "parquet":
            raise InputError("--training exports all answers, as Parquet; leave out the other options")
        _export_training_data(warehouse_path(warehouse, config), folder, config)
    elif at is not None:
        if tables or queries or own_tables:
            raise InputError("--at exports all tables as they were; leave out --table, --query and --with")
        _export_citable(warehouse_path(warehouse, config), folder, at, output_format, texts)
    elif texts:
        raise InputError("--texts is used with --at; without --at, name the table: --table article_text")
    else:
        path = warehouse_path(warehouse, config)
        for remark in remarks_on_unused(path, queries or []):
            print_remark(remark)
        asked = [(name, saved_sql(name, path)) for name in queries or []]
        own = tables_of(own_tables, warehouse, config)
        _export_tables(path, folder, tables or [], asked, own, output_format)


def _export_tables(
    path: Path,
    folder: Path,
    tables: list[str],
    queries: list[tuple[str, str]],
    own_tables: dict[str, Path],
    output_format: _Format,
) -> None:
    from flows.cli.outputs import refuse_input_as_output
    from warehouse import connect
    from warehouse.definitions.tables import TABLES
    from warehouse.exporting.export import MANIFEST
    from warehouse.exporting.export import export as export_files
    from warehouse.exporting.forms import exported_file

    for name in [*tables, *(name for name, _ in queries)] or list(TABLES):
        refuse_input_as_output(exported_file(folder, name, output_format), own_tables.values())
    with connect(path, tables=own_tables) as reader:
        written = export_files(reader, folder, tables=tables, queries=queries, format=output_format)
        _print_written(written, folder)
    typer.echo(f"{folder / MANIFEST}")
    _remark_on_other_files(folder, {file.file for file in written})


def _export_training_data(path: Path, folder: Path, config: Path | None) -> None:
    from flows.settings.config import load_config
    from warehouse import connect
    from warehouse.exporting.export import MANIFEST
    from warehouse.exporting.training_data import export_training

    with connect(path) as reader:
        written = export_training(reader, folder, never_sent=load_config(config).never_sent)
        _print_written(written, folder)
    typer.echo(f"{folder / MANIFEST}")
    _remark_on_other_files(folder, {file.file for file in written})


def _export_citable(
    path: Path, folder: Path, commit_or_day: str, output_format: _Format, texts: bool
) -> None:
    from models.reliability import stated_limits
    from warehouse.exporting.citable import CODEBOOK, export_at
    from warehouse.exporting.export import MANIFEST

    cited = export_at(
        path, folder, _moment(commit_or_day), form=output_format, texts=texts, about_model=stated_limits
    )
    _print_written(cited.tables, folder)
    typer.echo(f"{folder / CODEBOOK}")
    typer.echo(f"{folder / MANIFEST}")
    typer.echo(f"The state at commit {cited.commit}; SHA-256 of the data {cited.data_sha256}")
    if cited.taken_down:
        lost = ", ".join(f"{rows:,} of {name}" for name, rows in cited.taken_down.items())
        typer.echo(f"Taken down since, and missing: rows {lost}")
    _remark_on_other_files(folder, {CODEBOOK, *(file.file for file in cited.tables)})


def _print_written(files: "Iterable[Exported | Citable]", folder: Path) -> None:
    for file in files:
        typer.echo(f"{folder / file.file}  {file.rows:,} rows")


def _remark_on_other_files(folder: Path, written: set[str]) -> None:
    """Name the files of the folder that look like files of an export and are not of this one.

    Whoever is given the folder would take those of an earlier export for new ones. They stay, because they may be
    somebody's own, or the other half of what was exported in two steps.
    """
    from flows.cli.remarks import print_remark
    from warehouse.exporting.citable import CODEBOOK
    from warehouse.exporting.export import MANIFEST

    endings = {f".{form}" for form in get_args(_Format)}
    others: list[str] = []
    with suppress(OSError):  # a folder may be writable and not readable, and the export is complete
        others = sorted(
            path.name
            for path in folder.iterdir()
            if path.name not in written and (path.suffix in endings or path.name == CODEBOOK)
        )
    if not others:
        return
    more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
    print_remark(
        f"{folder} also holds {', '.join(others[:_MOST_NAMED])}{more}, which this export has not written; "
        f"{MANIFEST} lists the files that it has"
    )


def _moment(text: str) -> int | datetime:
    """Read the number of a commit, or a time; a day without a time means the end of this day (UTC)."""
    from commentariat import InputError
    from flows.settings.request import utc_moment

    if text.isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    try:
        when = utc_moment(datetime.fromisoformat(text))
    except ValueError:
        shown = text[:40]
        raise InputError(f"{shown!r} is neither the number of a commit nor a day like 2026-11-30") from None
    is_day = len(text) == len("2026-11-30")
    return when.replace(hour=23, minute=59, second=59, microsecond=999_999) if is_day else when
