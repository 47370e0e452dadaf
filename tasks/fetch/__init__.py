"""The fetch station: it turns items into pages, politely and safely.

A micro-batch begins in :mod:`tasks.fetch.batch`, which gives each item to the fetcher (:mod:`tasks.fetch.fetcher`).
"""
