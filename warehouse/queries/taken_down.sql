-- Which addresses have been taken down, and why?
-- Empty: nothing has been taken down.
SELECT taken_down_at, reason, url, article_id FROM tombstone ORDER BY taken_down_at DESC, url, article_id
