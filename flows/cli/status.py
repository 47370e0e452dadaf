"""``commentariat status``: shows what is stored and how the latest night went."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from flows.cli.app import ConfigOption, WarehouseOption, app, warehouse_path

if TYPE_CHECKING:
    from flows.settings.config import Config


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
    settings = load_config(config) if warehouse is None or config is not None else None
    with connect(path) as reader, reader.pinned():
        summary = summarise(reader.query, path)
        other = None
        if settings is not None:
            model, version_here = settings.model, partial(_version_here, settings)
            other = other_reading(reader.query, model.name, model.stated_right, version_here)
    report = path / REPORT
    print_summary(
        replace(
            summary,
            report=report if report.is_file() else None,
            other_models=((other,) if other else ()) + summary.other_models,
        )
    )


def _version_here(config: "Config") -> str | None:
    """Give the version of the configured model if it is on this disk; None otherwise, as nothing is downloaded here."""
    from commentariat import CommentariatError
    from flows.settings.classifier import configured_classifier
    from models.loading import bundled_models

    if not config.model.folder and config.model.name not in bundled_models():
        return None
    try:
        return configured_classifier(config).version
    except CommentariatError:  # the next run reports it
        return None
