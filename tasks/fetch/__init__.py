"""The fetch station: it turns items into pages, politely and safely. Start at :mod:`tasks.fetch.fetcher`."""
