"""The extract station: pages become articles. Start at :mod:`tasks.extract.extract`."""
