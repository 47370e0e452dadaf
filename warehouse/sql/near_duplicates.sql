-- Which stored articles share signature bands with the incoming ones (table incoming_band: article_id, algorithm,
-- band, hash), how many, and what do they say? The caller compares the texts.
WITH shared AS (
    SELECT incoming_band.article_id, stored.article_id AS candidate_id, stored.revision, count(*) AS bands_shared
    FROM incoming_band
    JOIN minhash_band stored USING (algorithm, band, hash)
    WHERE stored.article_id <> incoming_band.article_id
    GROUP BY ALL
)
SELECT
    shared.article_id,
    shared.candidate_id,
    shared.revision,
    shared.bands_shared,
    article.outlet,
    article.url,
    article.title,
    article.published_at,
    article_text.text
FROM shared
JOIN article ON article.article_id = shared.candidate_id AND article.revision = shared.revision
JOIN article_text ON article_text.article_id = shared.candidate_id AND article_text.revision = shared.revision
WHERE article.is_current
ORDER BY shared.article_id, shared.bands_shared DESC, shared.candidate_id
