-- Which copies of this article were found?
SELECT outlet, url, how, similarity, found_at
FROM duplicate
WHERE duplicate_of = {{ article_id }}
ORDER BY found_at, url
