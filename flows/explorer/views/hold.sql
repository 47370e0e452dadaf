-- Which articles are chosen? If finding them takes long, they are found once for all parts of a page.
CREATE OR REPLACE TEMP TABLE held_article AS
{% include "chosen.sql" %}
FROM chosen_article
