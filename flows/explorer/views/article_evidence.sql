-- Which sentences of this text are the evidence of its answers? Offsets count characters of article_text.text.
SELECT target, stance, start, "end", score, quoted, statement_hash, model_version
FROM evidence
WHERE article_id = {{ article_id }} AND revision = {{ revision }}
{% if is_latest %}
    AND is_current
{% endif %}
ORDER BY start, "end", target
