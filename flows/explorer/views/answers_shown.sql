-- Which stances do the articles of this page take?
SELECT article_id, target, statement, stance, certainty
FROM current_stance
WHERE article_id IN ({{ article_ids }})
{% if targets %}
    AND target IN ({{ targets }})
{% endif %}
{% if stances %}
    AND stance IN ({{ stances }})
{% endif %}
ORDER BY article_id, certainty DESC NULLS LAST, target
