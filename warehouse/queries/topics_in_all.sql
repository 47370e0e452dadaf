-- What are the articles about, by main topic? Shares are of all articles that have a topic, with 95 % intervals.
SELECT
    label AS topic,
    count(*) AS articles,
    sum(count(*)) OVER ()::BIGINT AS of_all,
    share_of(count(*), sum(count(*)) OVER ()) AS share,
    share_low(count(*), sum(count(*)) OVER ()) AS low,
    share_high(count(*), sum(count(*)) OVER ()) AS high
FROM main_topic GROUP BY label ORDER BY articles DESC, topic
