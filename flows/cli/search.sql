-- Which articles were found by the words in them, best match first?
SELECT hit.score, article.published_at, article.outlet, article.title, article.url
FROM (
    SELECT
        unnest($article_ids::VARCHAR[]) AS article_id,
        unnest($revisions::INTEGER[]) AS revision,
        unnest($scores::DOUBLE[]) AS score
) hit
JOIN article ON article.article_id = hit.article_id AND article.revision = hit.revision AND article.is_current
ORDER BY hit.score DESC, hit.article_id
LIMIT $how_many
