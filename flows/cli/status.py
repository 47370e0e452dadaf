"""``commentariat status``: shows what is stored and how the latest night went."""

from dataclasses import replace

from flows.cli.app import ConfigOption, WarehouseOption, app, warehouse_path


@app.command()
def status(config: ConfigOption = None, warehouse: WarehouseOption = None) -> None:
    """Show what is stored and how the latest night went; works while a run is writing.

    It also reports if the answers that count are from another model, or another share of right sides, than configured.

    For example: `commentariat status --warehouse /srv/commentary/commentary`
    """
    from flows.monitoring.summary import other_reading, summarise
    from flows.monitoring.terminal import print_summary
    from flows.settings.config import load_config
    from warehouse import connect
    from warehouse.publishing.generations import REPORT

    path = warehouse_path(warehouse, config)
    # A warehouse that is named without a configuration may belong to another configuration.
    model = load_config(config).model if warehouse is None or config is not None else None
    with connect(path) as reader, reader.pinned():
        summary = summarise(reader.query, path)
        other = other_reading(reader.query, model.name, model.stated_right) if model else None
    report = path / REPORT
    print_summary(
        replace(
            summary,
            report=report if report.is_file() else None,
            readings=((other,) if other else ()) + summary.readings,
        )
    )
