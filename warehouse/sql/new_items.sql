-- Which of the discovered URLs (table incoming, with a column url) are not items yet? Taken-down articles never become
-- items.
SELECT *
FROM incoming
ANTI JOIN item USING (url)
ANTI JOIN tombstone USING (url)
