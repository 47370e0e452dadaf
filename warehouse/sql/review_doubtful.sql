-- Which questions should people answer first, $how_many of each kind: those with the least certain answers; those to
-- which another model gives a different answer; those for which two wordings of the target lean to different sides;
-- those about the articles that were reprinted most? The questions are spread over targets, outlets and answers, in
-- each the most doubtful or most reprinted first. Questions that people have answered, and the questions $article_ids
-- with $asked_targets, are left out. Takes $targets and $outlets; an empty list means all of them.
WITH answer AS (
    SELECT
        article_id, revision, target, statement_hash, answer, outlet, month, model_version,
        check_order(stance, answer_certainty(stance, about, p_favor, p_against, p_neutral, relevance)) AS doubt
    FROM current_answer
    ANTI JOIN current_annotation USING (article_id, revision, target, statement_hash)
    ANTI JOIN (
        SELECT unnest($article_ids::VARCHAR[]) AS article_id, unnest($asked_targets::VARCHAR[]) AS target
    ) asked USING (article_id, target)
    WHERE (len($targets::VARCHAR[]) = 0 OR target IN (SELECT unnest($targets::VARCHAR[])))
        AND (len($outlets::VARCHAR[]) = 0 OR outlet IN (SELECT unnest($outlets::VARCHAR[])))
), differing AS (
    SELECT DISTINCT answer.*
    FROM answer
    JOIN stance other USING (article_id, revision, target, statement_hash)
    WHERE other.model_version <> answer.model_version
        AND CASE WHEN other.about THEN other.stance ELSE 'not_about' END <> answer.answer
), torn AS (
    SELECT article_id, target, max(lean) - min(lean) AS distance
    FROM wording_lean
    GROUP BY article_id, target
    HAVING max(lean) > 0 AND min(lean) < 0
), reprinted AS (
    SELECT duplicate_of AS article_id, count(*) AS copies FROM duplicate GROUP BY duplicate_of
), doubtful AS (
    SELECT 'least_certain' AS sampled_by, * FROM answer WHERE answer <> 'not_about'
    UNION ALL SELECT 'models_differ', * FROM differing
    UNION ALL SELECT 'wordings_differ', answer.* REPLACE (-torn.distance AS doubt) FROM answer JOIN torn USING (article_id, target)
    UNION ALL SELECT 'most_copied', answer.* REPLACE (-copies AS doubt) FROM answer JOIN reprinted USING (article_id)
        WHERE answer <> 'not_about'
), spread AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY sampled_by, target, outlet, answer ORDER BY doubt NULLS LAST, article_id
        ) AS place
    FROM doubtful
)
SELECT article_id, revision, target, statement_hash, sampled_by
FROM spread
QUALIFY row_number() OVER (PARTITION BY sampled_by ORDER BY place, doubt NULLS LAST, article_id, target) <= $how_many
ORDER BY sampled_by, place, doubt NULLS LAST, article_id, target
