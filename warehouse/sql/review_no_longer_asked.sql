-- How many questions have people answered that are not asked now: to a former statement of a target, about a former text of
-- an article, about a target that was removed, or not answered by the model that counts? Skipped questions are left out.
SELECT count(*) AS questions
FROM (
    SELECT DISTINCT article_id, revision, target, statement_hash FROM current_annotation WHERE answer <> 'skip'
)
ANTI JOIN current_answer USING (article_id, revision, target, statement_hash)
