"""The discover station: the items a source brings; starts at :mod:`tasks.discover.discover`."""
