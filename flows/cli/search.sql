-- Which articles were found by the words in them, best match first?
SELECT score, published_at, outlet, title, url
FROM search($words)
ORDER BY score DESC, article_id
LIMIT $how_many
