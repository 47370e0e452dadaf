-- A newly named model gets a rank that no other model has, so that of two answers one counts. (Two machines may choose
-- the same rank at the same moment; the slower one chooses again.)
WITH fresh AS (
    SELECT model_version, rank FROM checked.reading ANTI JOIN reading USING (model_version, rank)
), ranked AS (
    SELECT model_version, rank FROM fresh
    UNION ALL SELECT model_version, rank FROM reading
    UNION ALL SELECT model_version, rank FROM model
)
SELECT fresh.rank, fresh.model_version, ranked.model_version AS other
FROM fresh JOIN ranked USING (rank)
WHERE fresh.model_version <> ranked.model_version
