-- Which outputs did the network give for each wording of these questions (see review_raw_scores)?
WITH asked AS (
    SELECT article_id, revision, target, statement_hash, month FROM gold_answer
    WHERE answer IS NOT NULL AND sampled_by <> 'models_differ'
    UNION
    FROM (
        SELECT article_id, revision, target, statement_hash, month FROM current_answer
        ORDER BY md5(article_id || target) LIMIT $how_many
    )
)
SELECT
    w.article_id, w.revision, w.target, w.statement_hash, w.wording_number, w.wording, w.denied, w.favor, w.against,
    w.neutral, w.about
FROM asked
JOIN wording_score w USING (article_id, revision, target, statement_hash, month)
WHERE w.weights_version = $weights_version
