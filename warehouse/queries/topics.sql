-- What are the articles about, by main topic? Shares are of all articles that have a topic of the same taxonomy; no
-- share is given for fewer than 5 articles.
-- Empty: no article has a topic yet.
SELECT
    taxonomy,
    topic,
    label,
    count(*) AS articles,
    share_of(count(*), sum(count(*)) OVER (PARTITION BY taxonomy)) AS share
FROM main_topic GROUP BY taxonomy, topic, label ORDER BY taxonomy, articles DESC, topic
