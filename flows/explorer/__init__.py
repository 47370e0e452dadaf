"""A local web application on the published snapshot: filter articles, open one, see the evidence of an answer.

The server makes the pages, and they work without a script. It listens on this machine only, and changes nothing except
the analyst's own queries. Every figure comes from SQL that the page shows.
"""
