"""The dedupe station: each piece is counted once. Start at :mod:`tasks.dedupe.dedupe`."""
