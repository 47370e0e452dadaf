-- Every piece of evidence belongs to a stance row of the same commit that is about the target.
SELECT article_id, revision, target, model_version FROM checked.evidence
ANTI JOIN (SELECT * FROM checked.stance WHERE about)
    USING (article_id, revision, target, statement_hash, model_version)
