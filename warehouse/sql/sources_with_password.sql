-- Which rows of table source have a user name or a password in an address? Earlier versions stored it. A location has
-- several addresses, with a space between them. An @ after the first / may belong to the page.
SELECT source, since
FROM source
WHERE regexp_matches(location, '(^|\s)[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]*@')
ORDER BY source, since
