-- About which articles would a second model be asked first? Those of which the first model is unsure, then any, and of
-- these the ones taken in last, as in warehouse/sql/second_due.sql.
-- Answers of trials, which are only compared, do not count. Articles of sources with second_model = false are left out:
-- $never_sent as configured now, or as last stored.
WITH known_run AS (
    SELECT run_id, min(started_at) AS started_at FROM commit_log GROUP BY run_id
), unsure AS (
    SELECT article_id, revision, list(DISTINCT stance.target ORDER BY stance.target) AS targets
    FROM stance JOIN target USING (target, statement_hash) JOIN model USING (model_version)
    WHERE stance.stance = 'unsure' AND model.is_current AND model.asked_with IS NULL
        AND target.is_current AND list_contains($targets::VARCHAR[], stance.target)
    GROUP BY article_id, revision
), piece AS (
    SELECT
        article.*,
        coalesce(unsure.targets, []) AS targets,
        greatest(article.fetched_at, coalesce(known_run.started_at, article.fetched_at)) AS taken_in_at
    FROM article
    LEFT JOIN unsure USING (article_id, revision)
    LEFT JOIN known_run ON known_run.run_id = article.run_id
    WHERE article.is_current
        AND article.article_id NOT IN (SELECT article_id FROM duplicate)
        AND article.article_id NOT IN (SELECT article_id FROM never_sent($never_sent))
    ORDER BY len(targets) = 0, taken_in_at DESC, article_id
    LIMIT $how_many
)
SELECT piece.article_id, piece.revision, piece.title, piece.language, piece.targets, article_text.text
FROM piece JOIN article_text USING (article_id, revision)
ORDER BY len(piece.targets) = 0, piece.taken_in_at DESC, piece.article_id
