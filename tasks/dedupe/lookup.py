"""What the dedupe station asks of the warehouse, as an interface: anything that answers it will do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from warehouse.writer import Writer

__all__ = ["Lookup", "WarehouseLookup"]


class Lookup(Protocol):
    """What the station asks of the warehouse: two questions a batch, each answered in one go."""

    def known_text(self, incoming: pa.Table) -> pa.Table:
        """Find stored articles with the same address or the same words.

        Takes ``article_id, text_hash``; gives rows of ``article_id, known_id, revision, text_hash, how``, where
        ``how`` is ``url`` (``known_id`` is the article itself, at its latest revision), ``text`` (another
        article with these words) or ``copy`` (the incoming address is on record as a copy of ``known_id``).
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
    """The lookup over everything that the writer of a warehouse has committed, and others before it."""

    writer: Writer

    def known_text(self, incoming: pa.Table) -> pa.Table:
        """Ask the query ``known_text``."""
        return self.writer.query("known_text", tables={"incoming": incoming})

    def near_duplicates(self, incoming_band: pa.Table) -> pa.Table:
        """Ask the index of bands."""
        return self.writer.near_duplicates(incoming_band)
