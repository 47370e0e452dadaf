-- Which addresses came from the file or folder $place: itself, what lies in it, the rows of a table?
SELECT DISTINCT url
FROM (SELECT url FROM item UNION SELECT url FROM article UNION SELECT url FROM outcome)
WHERE url = $place OR starts_with(url, $place || '/') OR starts_with(url, $place || '#')
