-- How many articles are these, from how many outlets and from which days?
{% include "chosen.sql" %}
SELECT
    count(*) AS articles,
    count(DISTINCT outlet) FILTER (outlet <> '(unknown)') AS outlets,
    count(*) - count(published_at) AS undated,
    min(published_at AT TIME ZONE 'UTC')::DATE AS oldest,
    max(published_at AT TIME ZONE 'UTC')::DATE AS newest
FROM chosen_article
