-- Adds the text of an article to the index of signature bands, or replaces that of an earlier revision: its number, id,
-- revision and file. For SQLite, in the tables of near_tables.sql.
INSERT INTO article VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET revision = excluded.revision, file = excluded.file
WHERE excluded.revision >= article.revision
