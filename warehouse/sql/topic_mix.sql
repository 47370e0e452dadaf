-- What are the articles of run $run_id about, and what were those fetched since $since by other runs? An older web archive
-- that the run took in is compared too, but an archive of another run is no history.
SELECT
    topic.label AS answer,
    count(*) FILTER (article.run_id = $run_id) AS tonight,
    count(*) FILTER (article.run_id <> $run_id) AS history
FROM topic
JOIN article USING (article_id, revision)
WHERE topic.rank = 1 AND topic.model_version = $model_version
    AND (article.run_id = $run_id OR article.fetched_at >= $since)
GROUP BY answer
ORDER BY answer
