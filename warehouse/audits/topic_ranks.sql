-- The topics of an article are ranked 1, 2, 3 ... without gap or tie.
SELECT article_id, revision, model_version, taxonomy, list(rank ORDER BY rank) AS ranks FROM checked.topic
GROUP BY article_id, revision, model_version, taxonomy
HAVING max(rank) <> count(*) OR count(DISTINCT rank) <> count(*)
