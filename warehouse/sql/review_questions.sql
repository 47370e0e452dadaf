-- Which data does a person need to answer these questions? Takes the questions as lists of the same length. They are
-- asked in this order, which is random, so that a person who stops early has answered a random part. It must not be the
-- order by which review_random draws: there the few questions drawn from a large part come first.
WITH picked AS (
    SELECT
        unnest($article_id::VARCHAR[]) AS article_id, unnest($revision::INTEGER[]) AS revision,
        unnest($target::VARCHAR[]) AS target, unnest($statement_hash::VARCHAR[]) AS statement_hash,
        unnest($sampled_by::VARCHAR[]) AS sampled_by, unnest($stratum::VARCHAR[]) AS stratum,
        unnest($stratum_size::INTEGER[]) AS stratum_size, unnest($sampling_weight::FLOAT[]) AS sampling_weight
), asked AS (
    SELECT target, statement_hash, arg_max(statement, asked_from) AS statement FROM target GROUP BY ALL
)
SELECT
    article_id, revision, article.url, article.outlet, article.title, article.published_at, target, asked.statement,
    statement_hash, NULL::VARCHAR AS annotator, NULL::VARCHAR AS answer, NULL::VARCHAR AS sentences, NULL::VARCHAR AS note,
    NULL::VARCHAR AS is_blind, sampled_by, $sample AS sample, stratum, stratum_size, sampling_weight, article_text.text
FROM picked
JOIN article USING (article_id, revision)
JOIN asked USING (target, statement_hash)
JOIN article_text
    ON article_text.month = article.month AND article_text.article_id = article.article_id
    AND article_text.revision = article.revision
ORDER BY md5('order of asking' || $sample || article_id || target)
