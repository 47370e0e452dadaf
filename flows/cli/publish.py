"""``commentariat publish``: show readers what has been committed, also by others."""

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app


@app.command()
def publish(config: ConfigOption = None, warehouse: WarehouseOption = None) -> None:
    """Show readers on this machine everything committed so far.

    A run does this itself when it ends. It is of use where other machines write to the same shared warehouse: what they
    have committed is fetched and shown here, also on a machine that never writes. And after the folder was moved.
    Answers of people that wait in the inbox join the warehouse.

    For example: `commentariat publish`
    """
    from flows.cli.writing import writing
    from warehouse.inbox import Inbox

    with writing(warehouse, config, flow="publish", fetch=True) as writer:
        if not Inbox(writer.root).is_empty:
            writer.finish("answers of people")
        writer.update_search()
        writer.publish()  # also where nothing is new: the folder may have been moved
        shown = writer.log.head
    typer.echo(f"{writer.root / 'warehouse.duckdb'} shows commit {shown}")
