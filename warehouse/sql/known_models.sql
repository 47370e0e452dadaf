-- Which models have given labels here, best last?
SELECT model_version, rank FROM model ORDER BY rank;
