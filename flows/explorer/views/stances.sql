{% if stances %}
-- How many of these articles take the chosen stances on each target? Without shares, which would be of these stances only.
{% else %}
-- Which stances do these articles take on each target? Shares are of all that speak about it, with 95 % intervals; none of fewer than 5.
{% endif %}
{% include "chosen.sql" %}
{% if stances %}
SELECT
    target,
    any_value(statement) AS statement,
{% include "sides.sql" %}
FROM current_stance GROUP BY target ORDER BY articles DESC, target
{% else %}
{{ saved_query("stances") }}
{% endif %}
