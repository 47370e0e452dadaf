-- Which outputs did the classifier give for these questions, when it read the texts with the same weights?
-- Takes the table asked (article_id, revision, target, statement_hash) and $weights_version.
-- Gives one row for each question that has raw scores: its key, screen, and the sentences as parallel lists, the
-- largest evidence share first. The outputs for each wording are in wording_scores.
SELECT
    raw_score.article_id,
    raw_score.revision,
    raw_score.target,
    raw_score.statement_hash,
    raw_score.screen,
    raw_score.sentence_start,
    raw_score.sentence_end,
    raw_score.sentence_score,
    raw_score.sentence_quoted
FROM asked
JOIN article USING (article_id, revision)
JOIN raw_score ON raw_score.month = article.month -- months are folders, so files of other months are skipped
    AND raw_score.article_id = asked.article_id
    AND raw_score.revision = asked.revision
    AND raw_score.target = asked.target
    AND raw_score.statement_hash = asked.statement_hash
WHERE raw_score.weights_version = $weights_version
ORDER BY raw_score.article_id, raw_score.revision, raw_score.target
