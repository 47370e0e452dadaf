-- Which addresses came from $place: the file itself, the files in the folder, or the rows of a table? Takes the table
-- listed (url): the addresses that the file or folder lists, because the warehouse does not store from which file a row
-- with an address of its own was read.
SELECT DISTINCT url
FROM (SELECT url FROM item UNION SELECT url FROM article UNION SELECT url FROM outcome)
WHERE url = $place OR starts_with(url, $place || '/') OR starts_with(url, $place || '#') OR url IN (FROM listed)
