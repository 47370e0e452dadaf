"""The fetch station: items become pages, politely and safely. Start at :mod:`tasks.fetch.fetcher`."""
