-- Which articles came in last, and what is the main topic of each?
SELECT a.published_at, a.outlet, a.title, t.label AS topic, a.url
FROM article a LEFT JOIN main_topic t USING (article_id, revision)
WHERE a.is_current ORDER BY a.fetched_at DESC, a.article_id LIMIT 25
