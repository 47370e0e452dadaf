-- Which topics occur in the same article?
-- Empty: no article has more than one topic.
SELECT a.label AS topic, b.label AS with_topic, count(*) AS articles
FROM topic a JOIN topic b USING (article_id, revision, model_version, taxonomy)
WHERE a.is_current AND b.is_current AND a.topic < b.topic
GROUP BY ALL ORDER BY articles DESC, topic, with_topic LIMIT 25
