-- Every score names a model that the warehouse knows, so that its rank is known.
SELECT DISTINCT model_version FROM checked.scored
ANTI JOIN checked.model USING (model_version)
ANTI JOIN model USING (model_version)
