-- The outputs for a wording come in one commit with the raw scores of their article and target.
SELECT article_id, revision, target, weights_version, wording_number FROM checked.wording_score
ANTI JOIN checked.raw_score USING (article_id, revision, target, statement_hash, weights_version)
