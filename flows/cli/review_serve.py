"""``commentariat review serve``: a local web application in which people answer questions."""

import typer

from flows.cli import waiting_answers
from flows.cli.app import ConfigOption, OpenOption, PortOption, WarehouseOption, warehouse_path
from flows.cli.review import FileArgument, review


@review.command("serve")
def serve(
    file: FileArgument,
    port: PortOption = 0,
    open_browser: OpenOption = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Let people answer the questions of a file in a browser, one article and one question at a time; until Ctrl-C.

    `review sample` writes the file. No model's answer is shown. Every answer is on disk before the next question
    appears, also while a night is writing. The answers are added to the warehouse when a run ends, or when Ctrl-C ends
    this command. After a restart, each person continues where they stopped. The server listens on 127.0.0.1 only and
    accepts only people who open the address that it prints.

    For example: `commentariat review serve questions.csv --open`
    """
    from contextlib import suppress

    from flows.explorer.server import serve_review
    from flows.settings.config import load_config
    from tasks.review.questions import read_questions
    from warehouse import connect
    from warehouse.annotations.inbox import Inbox

    load_config(config)  # a mistake in it is reported before people answer, and not after that
    path = warehouse_path(warehouse, config)
    with connect(path) as reader, reader.pinned():
        questions, left_out = read_questions(file, reader)
    if left_out:
        typer.echo(f"{left_out:,} questions are left out: their articles are no longer stored", err=True)

    def ready(address: str, once: str) -> None:
        typer.echo(f"Open {address}\n({len(questions):,} questions; Ctrl-C ends it)")
        if open_browser:
            typer.launch(once)

    with suppress(KeyboardInterrupt):
        serve_review(path, questions, port, ready)
    if waiting := Inbox(path).waiting_by_id():
        typer.echo(waiting_answers.join(len(waiting), warehouse, config))
