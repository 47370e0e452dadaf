"""Short texts of several data sets, drawn in given shares."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from training.corpus import Pair


class PairsBySource:
    """Pairs by their source.

    Parameters
    ----------
    pairs
        Rows of the train split; rows of other sources are left out.
    sources
        The sources that are drawn from.
    """

    def __init__(self, pairs: Sequence[Pair], sources: Collection[str]) -> None:
        rows: dict[str, list[Pair]] = defaultdict(list)
        for pair in pairs:
            if pair.source in sources:
                rows[pair.source].append(pair)
        self._rows = rows

    def of(self, source: str) -> Sequence[Pair]:
        """Return the pairs of a source."""
        return self._rows.get(source, [])

    def draw(self, shares: Mapping[str, float], count: int, rng: random.Random) -> Iterator[Pair]:
        """Draw about `count` times its share from each source; all pairs of a source that has fewer."""
        for source, share in shares.items():
            rows = self.of(source)
            yield from rng.sample(rows, min(len(rows), round(share * count)))
