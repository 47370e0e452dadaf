-- Which texts form a sample of the stored texts that count: $how_many, and the same ones as long as nothing new has
-- come in?
-- Takes $how_many. Copies are left out, because they are not asked either.
WITH sample AS (
    SELECT article_id, revision, outlet, title, published_at, language, url
    FROM article
    WHERE is_current AND article_id NOT IN (SELECT article_id FROM duplicate)
    ORDER BY md5(article_id)
    LIMIT $how_many
)
SELECT sample.*, article_text.text
FROM sample JOIN article_text USING (article_id, revision)
ORDER BY md5(article_id)
