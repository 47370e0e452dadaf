"""Made-up answers of people on the pieces of made-up nights, and processes that give answers or are killed."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.annotations.annotation import Annotation, Draw
from warehouse.annotations.inbox import Inbox
from warehouse.annotations.joining import join_annotations


def given(
    number: int,
    *,
    annotator: str = "mo",
    answer: str = "favor",
    url: str | None = None,
    target: str = nights.TARGETS[0],
    draw: Draw | None = None,
    note: str | None = None,
) -> Annotation:
    """Make an answer on one of the pieces of the first batch of the first night."""
    return Annotation(
        article_id=nights.hash32(url or nights.url(1, 0, number % 4)),
        revision=1,
        target=target,
        statement_hash=nights.hash32(target),
        statement=f"We need {target}.",
        annotator=annotator,
        answer=answer,  # type: ignore[arg-type]
        sentences=((0, 5),),
        note=note,
        draw=draw or Draw(),
        answered_at=nights.START + timedelta(minutes=number),
        annotation_id=hashlib.md5(f"{annotator}{number}{answer}".encode()).hexdigest(),
    )


def give(root: Path, annotator: str, count: int) -> None:
    """Give answers one by one, and print each one that was acknowledged."""
    inbox = Inbox(root)
    for number in range(count):
        one = given(number, annotator=annotator)
        inbox.keep([one])
        sys.stdout.write(f"{one.annotation_id}\n")
        sys.stdout.flush()


def join(root: Path, die_at: str) -> None:
    """Bring the answers of the inbox into the warehouse; the process is killed when it reaches a step."""

    def on_step(step: str) -> None:
        if step == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    with Warehouse(root, on_step=on_step).writing(flow="review", create=False) as writer:
        join_annotations(writer)


if __name__ == "__main__":
    give(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
