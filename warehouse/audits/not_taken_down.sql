-- What was taken down does not come back.
SELECT article_id, url FROM checked.article SEMI JOIN tombstone USING (article_id)
