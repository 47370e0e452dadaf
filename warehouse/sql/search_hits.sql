-- Which revisions of articles have the words that are searched for, the best match first? The score is BM25, and titles
-- count five times. For SQLite, in the tables of search_tables.sql.
SELECT document.article_id, document.revision, -bm25(words, 5.0, 1.0) AS score
FROM words JOIN document ON document.id = words.rowid
WHERE words MATCH :expression
ORDER BY score DESC, document.id
