-- Which new articles came in last, and what is the main topic of each? An article whose text has changed is not new.
SELECT a.published_at, a.outlet, a.title, t.label AS topic, a.url
FROM article a
LEFT JOIN article first_text ON first_text.article_id = a.article_id AND first_text.revision = 1
LEFT JOIN (SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id) came ON came.run_id = first_text.run_id
LEFT JOIN main_topic t ON t.article_id = a.article_id AND t.revision = a.revision
WHERE a.is_current
-- A page of a web archive was fetched when the archive read it, which may be years before it came in.
ORDER BY came.sequence DESC NULLS LAST, first_text.fetched_at DESC, a.article_id LIMIT 25
