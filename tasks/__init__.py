"""The stations an article passes, in order: discover, fetch, extract, dedupe, classify, load.

Each station is a folder or a module. The types that stations pass to each other are in ``sources``, ``item``, ``page``,
``article`` and ``outcome``. Everything here is a plain typed function that can be called in a notebook;
``stations`` wraps the functions as Prefect tasks. ``classify_files`` and ``extract_files`` need no warehouse.
"""
