-- Which of the discovered URLs (table incoming, with a column url) are not items yet? What was taken down never is one.
SELECT *
FROM incoming
ANTI JOIN item USING (url)
ANTI JOIN tombstone USING (url)
