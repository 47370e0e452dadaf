-- Which topics does this text have?
SELECT taxonomy, topic, label, rank, score, model_version
FROM topic
WHERE article_id = {{ article_id }} AND revision = {{ revision }} AND is_current
ORDER BY taxonomy, rank
