-- Which of the discovered URLs (table incoming, with a column url) are not items yet?
SELECT * FROM incoming ANTI JOIN item USING (url)
