"""``commentariat explore``: a local web application over the published snapshot."""

import typer

from flows.cli.app import ConfigOption, OpenOption, PortOption, WarehouseOption, app, warehouse_path


@app.command()
def explore(
    port: PortOption = 0,
    open_browser: OpenOption = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Explore the stored articles in a browser: filter, open an article, see the evidence in its text; until Ctrl-C.

    The server listens on 127.0.0.1 only and accepts only people who open the address that it prints. It disturbs no
    run, and shows newer snapshots when they are published. The SQL of every figure can be copied. The server changes
    nothing, except that `Save` writes a query of your own into the folder `queries` of the warehouse.

    For example: `commentariat explore --open`
    """
    from flows.explorer.server import serve

    def ready(address: str, once: str) -> None:
        typer.echo(f"Open {address}\n(Ctrl-C ends it)")
        if open_browser:
            typer.launch(once)

    serve(warehouse_path(warehouse, config), port, ready)
