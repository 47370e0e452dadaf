-- Which addresses belong to the articles with these ids, URLs or outlets (tables ids, urls, outlets, each with a column
-- name)? A page may be listed under one address, come from another one by redirects, and name a third one as its
-- canonical one; tables outcome and visit link them. A takedown by an address takes every article to which the address
-- led, or at which redirects ended. A takedown of an article takes every address that led to it, and every one behind
-- these, but no other article to which such an address led on another day. The id of an address is this hash of it: an
-- article of which only an outcome is left has no other sign of its canonical address.
WITH known AS (
    SELECT article_id, url, outlet FROM article
    UNION SELECT article_id, url, outlet FROM item
    UNION SELECT article_id, url, outlet FROM duplicate
    UNION SELECT article_id, url, NULL FROM tombstone
), named AS (
    SELECT article_id, url
    FROM known
    WHERE article_id IN (SELECT name FROM ids)
        OR url IN (SELECT name FROM urls)
        OR outlet IN (SELECT name FROM outlets)
), led_to AS (
    SELECT DISTINCT url, article_id FROM outcome WHERE article_id IS NOT NULL
), own AS (
    SELECT article_id FROM named
    UNION SELECT article_id FROM led_to WHERE url IN (SELECT url FROM named) OR url IN (SELECT name FROM urls)
    UNION SELECT article_id FROM led_to WHERE article_id IN (SELECT name FROM ids)
    UNION SELECT article_id FROM led_to WHERE article_id IN (SELECT left(sha256(name), 32) FROM urls)
), behind AS (
    SELECT
        url,
        article_id,
        url IN (SELECT name FROM urls) OR left(sha256(url), 32) IN (SELECT name FROM ids) AS is_named
    FROM behind_redirects()
), piece AS (
    SELECT article_id FROM own
    UNION SELECT article_id FROM behind WHERE is_named
)
SELECT article_id, any_value(url) AS url
FROM (
    SELECT article_id, NULL AS url FROM piece
    UNION ALL
    SELECT article_id, url FROM known WHERE article_id IN (SELECT article_id FROM piece)
    UNION ALL
    SELECT left(sha256(url), 32), url FROM led_to WHERE article_id IN (SELECT article_id FROM piece)
    UNION ALL
    SELECT left(sha256(url), 32), url FROM behind WHERE is_named OR article_id IN (SELECT article_id FROM own)
    UNION ALL
    SELECT left(sha256(name), 32), name FROM urls WHERE left(sha256(name), 32) IN (SELECT article_id FROM piece)
)
GROUP BY article_id
ORDER BY article_id
