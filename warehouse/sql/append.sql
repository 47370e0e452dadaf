-- Insert the new rows (views new_<table>) of all other published tables, after append_answers.sql: copies get columns of
-- the articles that they copy.
INSERT INTO duplicate
SELECT n.*, article.outlet, article.title, article.published_at
FROM new_duplicate n
LEFT JOIN article ON article.article_id = n.duplicate_of AND article.revision = 1;

INSERT INTO second_reading SELECT * FROM new_second_reading;
INSERT INTO annotation SELECT * FROM new_annotation;
INSERT INTO outcome SELECT * FROM new_outcome;
INSERT INTO item SELECT * FROM new_item;
INSERT INTO also_listed SELECT * FROM new_also_listed;
INSERT INTO visit SELECT * FROM new_visit;
INSERT INTO minhash_band SELECT * FROM new_minhash_band;
INSERT INTO source SELECT * FROM new_source;
INSERT INTO tombstone SELECT * FROM new_tombstone;
INSERT INTO commit_log SELECT * FROM new_commit_log;
