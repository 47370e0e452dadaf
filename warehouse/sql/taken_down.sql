-- Which of these articles (table incoming, with a column article_id) were taken down and must stay out?
SELECT incoming.article_id, tombstone.reason, tombstone.taken_down_at
FROM incoming
JOIN tombstone USING (article_id)
