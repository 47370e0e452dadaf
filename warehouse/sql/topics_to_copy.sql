-- Which topics do these articles have already, from a model with the same weights and the same taxonomy?
-- Takes the table asked (article_id, revision), $weights_version, $taxonomy (its name, as topics have it) and
-- $taxonomy_version (its name and fingerprint, as models have it: a file of the same name may have been edited).
-- Gives article_id, revision, taxonomy, topic, label, rank, score: all topics of the highest-ranked of these models,
-- the main topic first. Articles without such topics have no row.
SELECT
    topic.article_id,
    topic.revision,
    topic.taxonomy,
    topic.topic,
    topic.label,
    topic.rank,
    topic.score
FROM (SELECT DISTINCT article_id, revision FROM asked) asked
JOIN topic USING (article_id, revision)
JOIN model USING (model_version)
WHERE model.weights_version = $weights_version AND topic.taxonomy = $taxonomy
    AND ($taxonomy_version::VARCHAR IS NULL OR model.taxonomy = $taxonomy_version)
QUALIFY topic.model_version = first_value(topic.model_version) OVER (
    PARTITION BY topic.article_id, topic.revision ORDER BY model.rank DESC, topic.model_version
)
ORDER BY topic.article_id, topic.revision, topic.rank
