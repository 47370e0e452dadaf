-- Which outputs did the network give for each wording of these questions, when it read the texts with the same weights?
-- Takes the table asked (article_id, revision, target, statement_hash) and $weights_version.
-- Gives one row for each wording that was read, in the order of wording_number: the key of the question, the wording,
-- whether it is denied, and its four outputs. Questions for which the screen left the text out have no row.
SELECT
    wording_score.article_id,
    wording_score.revision,
    wording_score.target,
    wording_score.statement_hash,
    wording_score.wording_number,
    wording_score.wording,
    wording_score.denied,
    wording_score.favor,
    wording_score.against,
    wording_score.neutral,
    wording_score.about
FROM asked
JOIN article USING (article_id, revision)
JOIN wording_score ON wording_score.month = article.month
    AND wording_score.article_id = asked.article_id
    AND wording_score.revision = asked.revision
    AND wording_score.target = asked.target
    AND wording_score.statement_hash = asked.statement_hash
WHERE wording_score.weights_version = $weights_version
ORDER BY wording_score.article_id, wording_score.revision, wording_score.target, wording_score.wording_number
