{% if target %}
-- Which stances do these articles take, {{ keyword(unit) }} by {{ keyword(unit) }}?
{% else %}
-- How many of these articles were published, {{ keyword(unit) }} by {{ keyword(unit) }}?
{% endif %}
{% include "chosen.sql" %}
SELECT
    date_trunc({{ unit }}, published_at AT TIME ZONE 'UTC')::DATE AS period,
{% if target %}
{% include "sides.sql" %}
FROM current_stance
{% else %}
    count(*) AS articles
FROM chosen_article
{% endif %}
WHERE published_at IS NOT NULL
GROUP BY period ORDER BY period
