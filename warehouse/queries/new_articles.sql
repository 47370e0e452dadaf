-- Which articles did the last night bring for the first time? The latest first.
-- Empty: the last night brought no new article; an article whose text has changed is not new.
WITH last_night AS (
    SELECT run_id FROM nights() WHERE nights_ago = 1
), brought AS (
    SELECT article_id FROM article SEMI JOIN last_night USING (run_id) WHERE revision = 1
)
SELECT published_at, outlet, title, authors, revision, url
FROM article SEMI JOIN brought USING (article_id)
WHERE is_current
ORDER BY published_at DESC NULLS LAST, article_id
