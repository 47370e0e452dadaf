"""``commentariat publish``: publishes all commits for readers, also the commits of other machines."""

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app


@app.command()
def publish(config: ConfigOption = None, warehouse: WarehouseOption = None) -> None:
    """Publish everything that has been committed so far, for readers on this machine.

    A run does this itself when it ends. The command is useful if other machines write to the same shared warehouse:
    their commits are fetched and published here, also on a machine that never writes. It is also useful after the
    folder was moved. Answers of people that wait in the inbox are added to the warehouse.

    For example: `commentariat publish`
    """
    from flows.cli.writing import writing
    from warehouse.annotations.inbox import Inbox
    from warehouse.publishing.generations import LINK

    with writing(warehouse, config, flow="publish", fetch=True) as writer:
        if not Inbox(writer.root).is_empty:
            writer.finish("answers of people")
        writer.update_search()
        writer.publish()  # also if nothing is new: the folder may have been moved
        shown = writer.log.head
    typer.echo(f"{writer.root / LINK} shows commit {shown}")
