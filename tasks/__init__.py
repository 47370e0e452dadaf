"""The stations an article passes, in order: discover, fetch, extract, dedupe, classify, decide, load.

Each station is a folder or a module; ``review`` and ``second_model`` are folders of the answers of people and of a
second model. The types that stations pass to each other are in ``sources``, ``item``, ``page``, ``article`` and
``outcome``. Everything here is a plain typed function that can be called in a notebook; ``stations`` wraps the
functions as Prefect tasks. ``classify_files`` and ``extract_files`` need no warehouse.

What several stations use is in the folders ``addresses`` (of pages), ``local_files``, ``text`` (characters, dates,
languages) and ``targets``.
"""
