"""People's answers that wait in the inbox: how many there are, and what becomes of them."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.annotations.annotation import Annotation
    from warehouse.annotations.joining import Joined


def sentence_on_waiting(path: Path, warehouse: Path | None, config: Path | None) -> str:
    """Write how many answers wait in the inbox and are not in the warehouse yet; empty if there are none."""
    from flows.cli.app import same_options
    from warehouse.annotations.inbox import Inbox

    waiting = len(Inbox(path).waiting_by_id())
    if not waiting:
        return ""
    return (
        f"{waiting:,} answers wait and are not counted yet: they join the warehouse when a run ends, or with "
        f"`commentariat publish{same_options(config, warehouse)}`"
    )


def keep(annotations: "Sequence[Annotation]", path: Path, warehouse: Path | None, config: Path | None) -> str:
    """Store answers in the inbox, add them to the warehouse unless a run is writing, and write what was done."""
    from warehouse.annotations.inbox import Inbox

    inbox = Inbox(path)
    others = inbox.waiting_by_id().keys() - {answer.annotation_id for answer in annotations}
    inbox.keep(annotations)
    return join(len(annotations), warehouse, config, others=len(others))


def join(count: int, warehouse: Path | None, config: Path | None, *, others: int = 0) -> str:
    """Add the answers that wait to the warehouse, unless a run is writing, and write what was done.

    Parameters
    ----------
    count, others
        The number of answers to write about, and of others that wait and are added with them.

    Raises
    ------
    CommentariatError
        When they cannot be added now; the message says that they are kept.
    """
    from commentariat import CommentariatError, WarehouseLockedError
    from flows.cli.writing import writing
    from warehouse.annotations.joining import join_annotations

    try:
        with writing(warehouse, config, flow="review") as writer:
            joined = join_annotations(writer)
            writer.finish(f"{joined.answers} answers of people")
            writer.publish()
    except WarehouseLockedError as error:
        return (
            f"{count:,} answers are kept and join the warehouse when the run that is writing ends ({error})"
        )
    except CommentariatError as error:
        raise type(error)(
            f"{count:,} answers are kept, and join the warehouse when a run ends; now they cannot be added: {error}"
        ) from error
    return _what_was_done(joined, count + others)


def _what_was_done(joined: "Joined", count: int) -> str:
    known = max(0, count - joined.answers - joined.without_article)
    sentence = f"{joined.answers:,} answers added"
    if known:
        sentence += f", {known:,} were here already"
    if joined.without_article:
        sentence += f", {joined.without_article:,} left out: their articles are no longer stored"
    return sentence
