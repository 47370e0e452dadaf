-- Which answers does one model give, and which does another, for current texts and for targets that are asked now, in
-- their present wording?
-- Takes $model_version and $other. Gives one row for each target and pair of answers, also for equal ones; 'not about
-- it' is the answer if the article does not speak about the target.
WITH given AS (
    SELECT
        stance.article_id,
        stance.target,
        stance.model_version,
        CASE WHEN stance.about THEN stance.stance ELSE 'not about it' END AS answer
    FROM stance
    JOIN article ON article.article_id = stance.article_id AND article.revision = stance.revision AND article.is_current
    JOIN target ON target.target = stance.target AND target.statement_hash = stance.statement_hash AND target.is_current
    WHERE stance.model_version IN ($model_version, $other)
)
SELECT a.target, b.answer AS other_answer, a.answer, count(*) AS articles
FROM given a JOIN given b USING (article_id, target)
WHERE a.model_version = $model_version AND b.model_version = $other
GROUP BY ALL
ORDER BY articles DESC, a.target, other_answer, a.answer
