-- What have these people ($people) answered to questions about these articles ($articles)? Which stored answers have these
-- ids ($ids), and what else have the same people answered to the same questions? Answers to the present statement of a
-- target are answers to the present question, also if the target has got further wordings or aliases since.
WITH named AS (
    SELECT article_id, revision, target, statement_hash, annotator
    FROM given_annotation
    WHERE annotation_id IN (SELECT unnest($ids::VARCHAR[]))
        OR (
            article_id IN (SELECT unnest($articles::VARCHAR[]))
            AND annotator IN (SELECT unnest($people::VARCHAR[]))
        )
)
SELECT * EXCLUDE (run_id, month)
FROM given_annotation
SEMI JOIN named USING (article_id, revision, target, statement_hash, annotator)
ORDER BY answered_at, annotation_id
