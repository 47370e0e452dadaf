-- Which articles did the last night bring? The latest first.
-- Empty: the last night brought no article.
WITH last_night AS (
    SELECT run_id FROM commit_log WHERE flow = 'nightly' GROUP BY run_id ORDER BY max(sequence) DESC LIMIT 1
)
SELECT published_at, outlet, title, authors, revision, url
FROM article SEMI JOIN last_night USING (run_id)
WHERE is_current
ORDER BY published_at DESC NULLS LAST, article_id
