-- Which outlets published these articles{% if target %}, and which stances do they take{% endif %}?
{% include "chosen.sql" %}
SELECT
    coalesce(outlet, '(unknown)') AS outlet,
{% if target %}
{% include "sides.sql" %}
FROM current_stance
{% else %}
    count(*) AS articles
FROM chosen_article
{% endif %}
GROUP BY ALL ORDER BY articles DESC, outlet
