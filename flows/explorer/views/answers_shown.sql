-- Which stances do the articles of this page take?
SELECT article_id, target, statement, stance, certainty
FROM current_stance s
WHERE article_id IN ({{ article_ids }})
{% if targets %}
    AND target IN ({{ targets }})
{% endif %}
{% if stances %}
    AND stance IN ({{ stances }})
{% endif %}
{% if order == "check" %}
ORDER BY article_id, check_order(s.stance, s.certainty) NULLS LAST, target
{% else %}
ORDER BY article_id, stance = 'unsure', certainty DESC NULLS LAST, target
{% endif %}
