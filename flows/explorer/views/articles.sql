-- Which articles are these?
{% include "chosen.sql" %}
{% if order in ("surest", "check") %}
SELECT chosen_article.*
FROM chosen_article LEFT JOIN (
{% if order == "surest" %}
    -- The certainty of an unsure answer says how near it is to a side, so unsure answers come after all others.
    SELECT article_id, min(CASE stance WHEN 'unsure' THEN 1 - certainty ELSE -certainty END) AS place
    FROM current_stance
    GROUP BY article_id
{% else %}
    SELECT article_id, min(check_order(s.stance, s.certainty)) AS place FROM current_stance s GROUP BY article_id
{% endif %}
) placed USING (article_id)
ORDER BY place NULLS LAST, article_id
{% else %}
FROM chosen_article
{% if order == "match" %}
ORDER BY score DESC, article_id
{% elif order == "oldest" %}
ORDER BY published_at NULLS LAST, article_id
{% else %}
ORDER BY published_at DESC NULLS LAST, article_id
{% endif %}
{% endif %}
{% if limit %}
LIMIT {{ limit }} OFFSET {{ offset }}
{% endif %}
