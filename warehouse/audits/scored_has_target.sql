-- Every stance task names a target, in one of its wordings, that the warehouse knows.
SELECT DISTINCT target, statement_hash FROM checked.scored
ANTI JOIN checked.target USING (target, statement_hash)
ANTI JOIN target USING (target, statement_hash)
WHERE task = 'stance'
