-- Which stances differ between the first model that was named last and the one named before it, for current texts and
-- for targets that are asked now, in their present wording? The stance is not_about if the article does not speak about
-- the target. Models that are only compared are in models_differ, and second models in second_confusion.
-- Empty: only one first model has answered about the targets that are asked now, or both give the same answers.
WITH ranked AS (
    SELECT model_version, row_number() OVER (ORDER BY rank DESC, model_version DESC) AS place
    FROM model WHERE rank > 0 AND asked_with IS NULL
), given AS (
    SELECT stance.* REPLACE (CASE WHEN about THEN stance ELSE 'not_about' END AS stance)
    FROM stance
    JOIN article ON article.article_id = stance.article_id AND article.revision = stance.revision AND article.is_current
    JOIN target ON target.target = stance.target AND target.statement_hash = stance.statement_hash AND target.is_current
)
SELECT a.target, b.stance AS before, a.stance AS after, count(*) AS articles
FROM given a JOIN given b USING (article_id, revision, target, statement_hash)
WHERE a.model_version = (SELECT model_version FROM ranked WHERE place = 1)
    AND b.model_version = (SELECT model_version FROM ranked WHERE place = 2)
    AND a.stance <> b.stance
GROUP BY ALL ORDER BY articles DESC, a.target, before, after
