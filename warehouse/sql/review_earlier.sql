-- Which stored answers have these ids ($ids), and what else have the same people answered to the same questions?
WITH named AS (
    SELECT article_id, revision, target, statement_hash, annotator
    FROM annotation
    WHERE annotation_id IN (SELECT unnest($ids::VARCHAR[]))
)
SELECT * EXCLUDE (run_id, month)
FROM annotation
SEMI JOIN named USING (article_id, revision, target, statement_hash, annotator)
ORDER BY answered_at, annotation_id
