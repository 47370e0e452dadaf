"""The questions that the dedupe station asks of the warehouse, as an interface that any object may implement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from warehouse.writing.writer import Writer

__all__ = ["Lookup", "WarehouseLookup"]


class Lookup(Protocol):
    """The station's questions to the warehouse: two for each batch, each answered by one query."""

    def known_text(self, incoming: pa.Table) -> pa.Table:
        """Find stored articles with the same address or the same words.

        Takes ``article_id, text_hash``; gives rows of ``article_id, known_id, revision, text_hash, how``, where
        ``how`` is ``url`` (``known_id`` is the article itself, at its latest revision), ``text`` (another
        article with these words) or ``copy`` (the incoming address is on record as a copy of ``known_id``, which is
        None if that article was taken down).
        """
        ...

    def near_duplicates(self, incoming_band: pa.Table) -> pa.Table:
        """Find stored articles that share signature bands.

        Takes ``article_id, algorithm, band, hash``; gives rows of ``article_id, candidate_id, revision,
        bands_shared, text``.
        """
        ...


@dataclass(frozen=True, slots=True)
class WarehouseLookup:
    """The lookup over everything that is committed to a warehouse."""

    writer: Writer

    def known_text(self, incoming: pa.Table) -> pa.Table:
        """Run the query ``known_text``."""
        return self.writer.query("known_text", tables={"incoming": incoming})

    def near_duplicates(self, incoming_band: pa.Table) -> pa.Table:
        """Search the index of bands."""
        return self.writer.near_duplicates(incoming_band)
