-- The tables of the search index beside its words (warehouse/search/update.py), for SQLite: the files that are indexed,
-- and the article and revision of each number in the table words.
CREATE TABLE IF NOT EXISTS indexed_file (path TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS document (
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL, revision INTEGER NOT NULL, UNIQUE (article_id, revision)
);
