-- What has been taken down, and why?
SELECT taken_down_at, reason, url, article_id FROM tombstone ORDER BY taken_down_at DESC
