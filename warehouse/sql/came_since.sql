-- Under which addresses was an article taken in again that had been taken down? A page that was listed under an unknown
-- address is recognised after it has been read: its outcome names the article to which the address led. Its item is
-- stored before that. Earlier versions also stored a visit of a page that another machine had just taken down.
WITH held AS (
    SELECT article_id, url FROM item
    UNION SELECT article_id, url FROM article
    UNION SELECT article_id, url FROM duplicate
), came AS (
    SELECT item.article_id, item.url, tombstone.reason
    FROM outcome
    JOIN tombstone ON tombstone.article_id = outcome.article_id
    JOIN item ON item.url = outcome.url
    UNION ALL
    SELECT held.article_id, held.url, tombstone.reason
    FROM held JOIN tombstone ON tombstone.article_id = held.article_id
    UNION ALL
    SELECT held.article_id, held.url, tombstone.reason
    FROM held JOIN tombstone ON tombstone.url = held.url
    UNION ALL
    SELECT tombstone.article_id, visit.url, tombstone.reason
    FROM visit JOIN tombstone ON tombstone.url = visit.url
    WHERE visit.resource IN ('page', 'file')
)
SELECT article_id, any_value(url) AS url, min(reason) AS reason
FROM came
GROUP BY article_id
ORDER BY article_id
