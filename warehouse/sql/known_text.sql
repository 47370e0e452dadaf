-- Which incoming articles (table incoming: article_id, text_hash) are here already: with the same address ('url'), with
-- the same text ('text'), or as a copy of another article ('copy')? If the address is the same and text_hash differs,
-- the text has changed. If the article that was copied has been taken down, only the outcome of the copy still says
-- that it is one, and known_id is NULL: a copy is not taken in instead.
SELECT
    incoming.article_id,
    article.article_id AS known_id,
    article.revision,
    article.text_hash,
    'url' AS how
FROM incoming JOIN article ON article.article_id = incoming.article_id AND article.is_current
UNION ALL
SELECT
    incoming.article_id,
    article.article_id,
    article.revision,
    article.text_hash,
    'text'
FROM incoming
JOIN article ON article.text_hash = incoming.text_hash AND article.article_id <> incoming.article_id
WHERE article.is_current
UNION ALL
SELECT
    incoming.article_id,
    duplicate.duplicate_of,
    NULL,
    NULL,
    'copy'
FROM incoming JOIN duplicate ON duplicate.article_id = incoming.article_id
UNION ALL
SELECT DISTINCT incoming.article_id, NULL, NULL, NULL, 'copy'
FROM incoming
JOIN outcome ON outcome.article_id = incoming.article_id AND outcome.outcome = 'duplicate'
ANTI JOIN duplicate ON duplicate.article_id = incoming.article_id
ORDER BY ALL
