-- Which outputs did the classifier give, with the weights $weights_version, for the questions that people have
-- answered, and for a random part of all questions, answered or not ($how_many), whose rows have no answer? answer is
-- the people's answer. Answers to questions that were asked because another model answers differently are left out: the
-- classifier is wrong in these more often than in all questions with the same outputs.
WITH asked AS (
    SELECT article_id, revision, target, statement_hash, month, answer FROM gold_answer
    WHERE answer IS NOT NULL AND sampled_by <> 'models_differ'
    UNION ALL
    FROM (
        SELECT article_id, revision, target, statement_hash, month, NULL AS answer FROM current_answer
        ORDER BY md5(article_id || target) LIMIT $how_many
    )
)
SELECT
    raw_score.article_id, raw_score.revision, raw_score.target, raw_score.statement_hash, raw_score.screen,
    raw_score.sentence_start, raw_score.sentence_end, raw_score.sentence_score, raw_score.sentence_quoted, asked.answer
FROM asked
JOIN raw_score USING (article_id, revision, target, statement_hash, month)
WHERE raw_score.weights_version = $weights_version
ORDER BY raw_score.article_id, raw_score.target
