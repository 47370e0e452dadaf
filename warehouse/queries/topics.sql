-- What are the articles about, by main topic? Shares are of all articles that have a topic of the same scheme.
-- Empty: no article has a topic yet.
SELECT
    taxonomy,
    topic,
    label,
    count(*) AS articles,
    round(count(*) / sum(count(*)) OVER (PARTITION BY taxonomy), 4) AS share
FROM main_topic GROUP BY taxonomy, topic, label ORDER BY taxonomy, articles DESC, topic
