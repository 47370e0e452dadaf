"""``commentariat explore``: a local web application over the published snapshot."""

from typing import Annotated

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app, warehouse_path


@app.command()
def explore(
    port: Annotated[
        int, typer.Option("--port", "-p", min=0, max=65535, help="Port on this machine; 0 takes a free one.")
    ] = 0,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Look at what is stored in a browser: filter, open a piece, see the evidence in its text; until Ctrl-C.

    It listens on 127.0.0.1 only, and lets in who has the address that it prints. It changes nothing, disturbs no run,
    and shows newer snapshots as they are published. The SQL of every figure can be copied.

    For example: `commentariat explore --open`
    """
    from flows.explorer.server import serve

    def ready(address: str) -> None:
        typer.echo(f"Open {address}\n(Ctrl-C ends it)")
        if open_browser:
            typer.launch(address)

    serve(warehouse_path(warehouse, config), port, ready)
