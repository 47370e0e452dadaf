"""``commentariat compact``: merges many small files into a few large ones."""

import typer

from flows.cli.app import MIN_FILES, ConfigOption, MinFilesOption, WarehouseOption, app


@app.command()
def compact(
    min_files: MinFilesOption = MIN_FILES,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Merge the small files that nights write; rows stay the same, and readers are not disturbed.

    If files were merged, here or meanwhile on another machine, a new snapshot is published. As after each publication,
    the oldest snapshot is removed if there are then more than `keep_snapshots`. A password that an earlier version
    stored with the address of a source is removed from all files and snapshots. People's answers that wait are added
    and published, as after every run.

    For example: `commentariat compact --min-files 2`
    """
    from flows.cli.writing import writing
    from flows.monitoring.merged import merged_in_words
    from warehouse.upkeep.compaction import compact_and_publish

    with writing(warehouse, config, flow="compaction") as writer:
        done = compact_and_publish(writer, min_files=min_files)
    typer.echo(merged_in_words(done, min_files))
