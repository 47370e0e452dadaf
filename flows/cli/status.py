"""``commentariat status``: what is stored, and how the latest night went."""

from dataclasses import replace

from flows.cli.app import ConfigOption, WarehouseOption, app, warehouse_path


@app.command()
def status(config: ConfigOption = None, warehouse: WarehouseOption = None) -> None:
    """Show what is stored and how the latest night went; works while a run is writing.

    For example: `commentariat status --warehouse /srv/commentary`
    """
    from flows.monitoring.summary import summarise
    from flows.monitoring.terminal import print_summary
    from warehouse import connect
    from warehouse.generations import REPORT

    path = warehouse_path(warehouse, config)
    with connect(path) as reader, reader.pinned():
        report = path / REPORT
        print_summary(replace(summarise(reader.query, path), report=report if report.is_file() else None))
