-- What did the classifier give, with the weights $weights_version, for the questions that people have answered, and for a
-- random part of all others ($how_many)? said is what people say; it is empty for the others.
WITH asked AS (
    SELECT article_id, revision, target, statement_hash, month, answer AS said FROM gold_answer WHERE answer IS NOT NULL
    UNION ALL
    FROM (
        SELECT article_id, revision, target, statement_hash, month, NULL AS said FROM current_answer
        ORDER BY md5(article_id || target) LIMIT $how_many
    )
)
SELECT
    raw_score.article_id, raw_score.revision, raw_score.target, raw_score.screen, raw_score.sentence_start,
    raw_score.sentence_end, raw_score.sentence_score, raw_score.sentence_quoted, asked.said
FROM asked
JOIN raw_score USING (article_id, revision, target, statement_hash, month)
WHERE raw_score.weights_version = $weights_version
ORDER BY raw_score.article_id, raw_score.target
