-- How many articles and outlets are stored, and as of which commit?
SELECT
    count(*) AS articles,
    count(DISTINCT outlet) AS outlets,
    count(*) FILTER (published_at IS NULL) AS undated,
    count(*) FILTER (quality < 0.7) AS doubtful,
    min(published_at) AS earliest,
    max(published_at) AS latest,
    (SELECT sequence FROM snapshot) AS commit,
    (SELECT published_at FROM snapshot) AS as_of,
    (SELECT count(*) FROM tombstone) AS taken_down
FROM article
WHERE is_current
