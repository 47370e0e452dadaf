-- Which stances do these articles take on each target? Shares are of all that speak about it, with 95 % intervals; none of fewer than 5.
{% include "chosen.sql" %}
{{ saved_query("stances") }}
