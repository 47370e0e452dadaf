-- Which authors write most, and for which outlets?
SELECT author, count(*) AS articles, list(DISTINCT outlet ORDER BY outlet) AS outlets
FROM (SELECT unnest(authors) AS author, coalesce(outlet, '(unknown)') AS outlet FROM article WHERE is_current)
GROUP BY author ORDER BY articles DESC, author LIMIT 50
