"""The extract station: pages become articles.

A micro-batch begins in :mod:`tasks.extract.batch`, which gives its pages to the worker processes of ``workers``. There,
:func:`tasks.extract.extract.extract_page` reads each page in this order:

- ``data_formats``, ``charset``: what kind of data it is, and its characters.
- ``html_tree``, ``read_page``: the page is divided, with ``metadata`` (headline, authors, dates, address), ``body``
  (the text, and the quotes in it) and ``editorial`` (captions, notes and boilerplate around it); a text without a page
  by ``plain_text``.
  All of these ask ``paragraphs`` what a single paragraph or line is.
- ``kind``: opinion or news.
- ``judgment``: language, and whether the text can be trusted.
- ``explanation``: the outcome of a page, and all signals on the way.
"""
