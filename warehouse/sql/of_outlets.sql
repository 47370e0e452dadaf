-- Which articles of these outlets (table outlets with a column name) are known?
SELECT article_id FROM article WHERE outlet IN (SELECT name FROM outlets)
UNION
SELECT article_id FROM item WHERE outlet IN (SELECT name FROM outlets)
UNION
SELECT article_id FROM duplicate WHERE outlet IN (SELECT name FROM outlets)
