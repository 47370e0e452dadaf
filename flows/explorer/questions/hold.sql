-- Which articles are chosen? Found once for all parts of a page, where finding them takes long.
CREATE OR REPLACE TEMP TABLE held_piece AS
{% include "chosen.sql" %}
FROM piece
