-- Which revisions of this article are stored? The latest first.
FROM article WHERE article_id = {{ article_id }} ORDER BY revision DESC
