-- Where do the articles come from, and how many came from each source?
SELECT coalesce(outlet, '(unknown)') AS outlet, source, count(DISTINCT article_id) AS articles,
    min(published_at)::DATE AS first, max(published_at)::DATE AS last
FROM article
GROUP BY ALL
ORDER BY ALL
