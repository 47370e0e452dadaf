-- About how many articles of the latest night would a second model be asked ($ask: unsure, stated or all)?
WITH night AS (
    SELECT run_id FROM commit_log
    WHERE flow = 'nightly' AND article_rows > 0 GROUP BY run_id ORDER BY max(sequence) DESC LIMIT 1
)
SELECT
    night.run_id,
    count(DISTINCT article.article_id) AS taken_in,
    count(DISTINCT article.article_id) FILTER (
        stance.stance = 'unsure'
        OR ($ask IN ('stated', 'all') AND stance.stance IN ('favor', 'against'))
        OR ($ask = 'all' AND stance.about)
    ) AS pieces
FROM night
JOIN article USING (run_id)
LEFT JOIN stance ON stance.article_id = article.article_id AND stance.revision = article.revision
    AND stance.p_favor IS NOT NULL
GROUP BY night.run_id
