-- What are the stances of the articles of run $run_id on each target, and of those fetched since $since by other runs? An
-- older web archive that the run took in is compared too, but an archive of another run is no history.
SELECT
    stance.target || ' (' || stance.statement_hash || ')' AS asked,
    any_value(stance.target) AS target,
    stance.stance AS answer,
    count(*) FILTER (article.run_id = $run_id) AS tonight,
    count(*) FILTER (article.run_id <> $run_id) AS history
FROM stance
JOIN article USING (article_id, revision)
WHERE stance.about AND stance.model_version = $model_version
    AND (article.run_id = $run_id OR article.fetched_at >= $since)
GROUP BY asked, answer
ORDER BY asked, answer
