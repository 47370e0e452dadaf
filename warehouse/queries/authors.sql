-- Which authors write most, and for which outlets? Bylines that name no person, such as "The Editorial Board", are
-- counted for each outlet apart.
SELECT author, count(*) AS articles, list(DISTINCT outlet ORDER BY outlet) AS outlets
FROM (SELECT unnest(authors) AS author, coalesce(outlet, '(unknown)') AS outlet FROM article WHERE is_current)
GROUP BY author, CASE WHEN is_desk(author) THEN outlet END
ORDER BY articles DESC, author, outlets LIMIT 50
