-- The table of the budget of a second model (warehouse/spending.py), for SQLite: one row for each request.
CREATE TABLE IF NOT EXISTS request (
    id INTEGER PRIMARY KEY, sent_at REAL NOT NULL, pieces INTEGER NOT NULL, tokens INTEGER NOT NULL
);
