-- About which articles would a second model be asked first? Those of which the first model is unsure, latest first, then any.
-- Answers of trials, which are only compared, do not count. Articles of sources with second_model = false are left out:
-- $never_sent as configured now, or as last stored.
WITH unsure AS (
    SELECT article_id, revision, list(DISTINCT stance.target ORDER BY stance.target) AS targets
    FROM stance JOIN target USING (target, statement_hash) JOIN model USING (model_version)
    WHERE stance.stance = 'unsure' AND model.is_current AND model.asked_with IS NULL
        AND target.is_current AND list_contains($targets::VARCHAR[], stance.target)
    GROUP BY article_id, revision
), piece AS (
    SELECT article.*, coalesce(unsure.targets, []) AS targets
    FROM article LEFT JOIN unsure USING (article_id, revision)
    WHERE article.is_current
        AND article.article_id NOT IN (SELECT article_id FROM duplicate)
        AND article.article_id NOT IN (SELECT article_id FROM never_sent($never_sent))
    ORDER BY len(targets) = 0, fetched_at DESC, article_id
    LIMIT $how_many
)
SELECT piece.article_id, piece.revision, piece.title, piece.language, piece.targets, article_text.text
FROM piece JOIN article_text USING (article_id, revision)
ORDER BY len(piece.targets) = 0, piece.fetched_at DESC, piece.article_id
