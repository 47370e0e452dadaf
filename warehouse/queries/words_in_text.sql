-- Which articles use a word, and how often? The word here is workers.
SELECT a.outlet, a.title, len(regexp_extract_all(t.text, '(?i)\bworkers\b')) AS times
FROM article_text t JOIN article a USING (article_id, revision)
WHERE a.is_current AND regexp_matches(t.text, '(?i)\bworkers\b')
ORDER BY times DESC, a.article_id LIMIT 50
