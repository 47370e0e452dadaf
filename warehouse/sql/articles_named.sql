-- Which article revisions have these ids or addresses ($article_ids, $urls), and how long are their texts?
SELECT article_id, revision, url, is_current, char_count
FROM article
WHERE article_id IN (SELECT unnest($article_ids::VARCHAR[])) OR url IN (SELECT unnest($urls::VARCHAR[]))
ORDER BY article_id, revision
