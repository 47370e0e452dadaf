-- Is one of the ranks of these newly named models (table incoming: columns of reading) the rank of another model, and
-- what is the highest rank?
WITH ranked AS (SELECT model_version, rank FROM model UNION ALL SELECT model_version, rank FROM reading)
SELECT
    coalesce(max(rank), 0) AS best,
    (
        SELECT count(*) > 0 FROM incoming JOIN ranked other USING (rank)
        WHERE incoming.model_version <> other.model_version
    ) AS is_taken
FROM ranked
