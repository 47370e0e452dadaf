-- Raw scores name the weights of a model that the warehouse knows.
SELECT DISTINCT weights_version FROM checked.raw_score
ANTI JOIN checked.model USING (weights_version)
ANTI JOIN model USING (weights_version)
