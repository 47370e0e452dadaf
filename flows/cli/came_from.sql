-- Which addresses came from $place: the file itself, the files in the folder, or the rows of a table?
SELECT DISTINCT url
FROM (SELECT url FROM item UNION SELECT url FROM article UNION SELECT url FROM outcome)
WHERE url = $place OR starts_with(url, $place || '/') OR starts_with(url, $place || '#')
