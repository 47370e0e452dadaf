-- Which of these answers (table incoming: columns of annotation) are not committed yet? is_here is true if the answer's
-- text is here and contains the sentences that the answer names; it is false if the article was taken down.
SELECT incoming.*, piece.article_id IS NOT NULL AS is_here
FROM incoming
ANTI JOIN annotation USING (annotation_id)
LEFT JOIN (
    SELECT article_id, revision, char_count FROM article WHERE article_id NOT IN (SELECT article_id FROM tombstone)
) piece
    ON piece.article_id = incoming.article_id AND piece.revision = incoming.revision
    AND coalesce(list_max(incoming.sentence_end), 0) <= piece.char_count
ORDER BY incoming.answered_at, incoming.annotation_id
