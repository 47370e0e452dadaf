-- What are the stances of the articles of run $run_id on each target, and of those taken in since $since by other runs?
SELECT
    stance.target || ' (' || stance.statement_hash || ')' AS asked,
    any_value(stance.target) AS target,
    stance.stance AS answer,
    count(*) FILTER (article.run_id = $run_id) AS tonight,
    count(*) FILTER (article.run_id <> $run_id) AS history
FROM stance
JOIN article USING (article_id, revision)
WHERE stance.about AND stance.model_version = $model_version AND article.fetched_at >= $since
GROUP BY asked, answer
ORDER BY asked, answer
