-- The tables of the index of signature bands (warehouse/near.py), for SQLite. An article's number is 47 bits of a hash,
-- so that SQLite stores it in six bytes. Two articles with the same number only cost a comparison of texts. Only the
-- latest revision counts, also for bands of earlier revisions.
CREATE TABLE file (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
CREATE TABLE article (
    number INTEGER, article_id TEXT, revision INTEGER NOT NULL, file INTEGER NOT NULL,
    PRIMARY KEY (number, article_id)
) WITHOUT ROWID;
CREATE TABLE band (key INTEGER, article INTEGER, PRIMARY KEY (key, article)) WITHOUT ROWID;
