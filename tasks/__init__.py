"""The stations an article passes, in order: discover, fetch, extract, dedupe, classify, load.

A folder or module for each station, and beside them the few words they hand on to each other: ``sources``, ``item``,
``page``, ``article``, ``outcome``. Everything here is a plain typed function that can be called in a notebook;
``stations`` wraps them as Prefect tasks. ``classify_files`` and ``extract_files`` do without a warehouse.
"""
