"""The discover station: it lists the items of a source. Start at :mod:`tasks.discover.discover`."""
