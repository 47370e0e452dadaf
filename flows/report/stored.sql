-- How many articles and outlets are stored, how many of them did the last night bring, how many articles did it store
-- again because their text had changed, and as of which commit?
WITH last_night AS (
    SELECT run_id FROM nights() WHERE nights_ago = 1
), brought AS (
    SELECT article_id FROM article SEMI JOIN last_night USING (run_id) WHERE revision = 1
), marked AS (
    SELECT
        *,
        article_id IN (FROM brought) AS is_new,
        run_id IN (FROM last_night) AND article_id NOT IN (FROM brought) AS is_revised
    FROM article
    WHERE is_current
)
SELECT
    count(*) AS articles,
    count(DISTINCT outlet) AS outlets,
    count(*) FILTER (is_new) AS new_articles,
    count(DISTINCT outlet) FILTER (is_new) AS new_outlets,
    count(*) FILTER (is_revised) AS revised,
    count(*) FILTER (published_at IS NULL) AS undated,
    count(*) FILTER (quality < 0.7) AS doubtful,
    min(published_at) AS earliest,
    max(published_at) AS latest,
    (SELECT sequence FROM snapshot) AS commit,
    (SELECT published_at FROM snapshot) AS as_of,
    (SELECT count(*) FROM tombstone) AS taken_down
FROM marked
