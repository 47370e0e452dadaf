-- Which URL, title and outlet are known for the articles $ids that a takedown would remove?
SELECT coalesce(article.url, item.url, duplicate.url, '(article ' || named.article_id || ')') AS url,
    coalesce(article.title, item.title_hint) AS title, coalesce(article.outlet, item.outlet, duplicate.outlet) AS outlet
FROM (SELECT unnest($ids) AS article_id) named
LEFT JOIN (SELECT DISTINCT ON (article_id) * FROM article ORDER BY article_id, revision DESC) article USING (article_id)
LEFT JOIN item USING (article_id)
LEFT JOIN duplicate USING (article_id)
ORDER BY url
