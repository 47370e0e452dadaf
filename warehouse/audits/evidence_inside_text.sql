-- Evidence is a range of characters inside the stored text, and its score is a share; evidence of a second model has no
-- score.
SELECT article_id, target, start, "end", char_count, e.stance, e.score
FROM checked.evidence e
LEFT JOIN (
    SELECT article_id, revision, char_count FROM checked.article
    UNION SELECT article_id, revision, char_count FROM article SEMI JOIN checked.evidence USING (article_id, revision)
) a USING (article_id, revision)
WHERE start < 0 OR "end" <= start OR char_count IS NULL OR "end" > char_count
    OR e.stance NOT IN ('favor', 'against', 'neutral', 'unsure') OR e.score NOT BETWEEN 0 AND 1
    OR (e.score IS NULL) <> (
        model_version IN (
            SELECT model_version FROM model WHERE asked_with IS NOT NULL
            UNION ALL SELECT model_version FROM checked.model WHERE asked_with IS NOT NULL
        )
    )
