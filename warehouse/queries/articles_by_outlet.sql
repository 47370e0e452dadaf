-- How many articles does each outlet have, from when to when?
SELECT
    coalesce(outlet, '(unknown)') AS outlet,
    count(*) AS articles,
    min(published_at) AS earliest,
    max(published_at) AS latest,
    round(avg(word_count)) AS mean_words
FROM article WHERE is_current
GROUP BY ALL ORDER BY articles DESC, outlet
