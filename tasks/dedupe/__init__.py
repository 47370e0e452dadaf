"""The dedupe station: each article is counted once. Start at :mod:`tasks.dedupe.dedupe`."""
