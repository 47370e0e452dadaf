-- Which of the discovered URLs (table incoming, with a column url) are not items yet? Taken-down articles never become
-- items. A tombstone may have only an id, because the URL was not known at the takedown; the id of a URL is this hash.
SELECT *
FROM incoming
ANTI JOIN item USING (url)
ANTI JOIN tombstone USING (url)
WHERE left(sha256(incoming.url), 32) NOT IN (SELECT article_id FROM tombstone)
