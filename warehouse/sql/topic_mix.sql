-- What are the articles of run $run_id about, and what were those taken in since $since by other runs?
SELECT
    '' AS target,
    topic.label AS answer,
    count(*) FILTER (article.run_id = $run_id) AS tonight,
    count(*) FILTER (article.run_id <> $run_id) AS history
FROM topic
JOIN article USING (article_id, revision)
WHERE topic.rank = 1 AND topic.model_version = $model_version AND article.fetched_at >= $since
GROUP BY answer
ORDER BY answer
