-- Stance rows and their scored row come in one commit and agree in number.
SELECT article_id, revision, target, statement_hash, model_version, s.n_rows AS scored_rows, found.n AS stance_rows
FROM (SELECT * FROM checked.scored WHERE task = 'stance') s
FULL JOIN (
    SELECT article_id, revision, target, statement_hash, model_version, count(*) AS n FROM checked.stance GROUP BY ALL
) found USING (article_id, revision, target, statement_hash, model_version)
WHERE s.n_rows IS NULL OR s.n_rows <> coalesce(found.n, 0)
