"""A local web application over the published snapshot: filter, open a piece, see what an answer rests on.

Pages are made on the server and work without a script. It listens on this machine only and changes nothing but the
analyst's own queries. Every figure comes from SQL that the page shows.
"""
