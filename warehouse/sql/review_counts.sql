-- How many questions have people answered, for how many of them is one answer the most frequent one, and how many of
-- these were asked because another model answers differently?
SELECT
    count(*) AS n, count(answer) AS agreed, count(answer) FILTER (sampled_by = 'models_differ') AS models_differ
FROM gold_answer
