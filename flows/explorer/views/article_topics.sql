-- Which topics does this text have?
{% if is_latest %}
SELECT taxonomy, topic, label, rank, score, model_version
FROM topic
WHERE article_id = {{ article_id }} AND revision = {{ revision }} AND is_current
{% else %}
-- No answer to an earlier text counts: these are by the best model that read it.
SELECT t.taxonomy, topic, label, t.rank, score, model_version
FROM topic t LEFT JOIN model m USING (model_version)
WHERE article_id = {{ article_id }} AND revision = {{ revision }}
QUALIFY dense_rank() OVER (ORDER BY nullif(m.rank, 0) DESC NULLS LAST, model_version DESC) = 1
{% endif %}
ORDER BY taxonomy, rank
