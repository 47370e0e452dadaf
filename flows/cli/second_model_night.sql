-- About how many articles of the latest night would a second model be asked ($ask: unsure, stated or all; $targets: the
-- ids of the configured targets; $random_below and $never_sent as in warehouse/sql/second_due.sql)? As there, only answers
-- of the first model count, and neither copies nor articles of sources with second_model = false are sent. If $ask is all,
-- articles that were read but do not speak about a target are asked about too; they are not known here, because the
-- snapshot has no raw scores.
WITH night AS (
    SELECT run_id FROM commit_log
    WHERE flow = 'nightly' AND article_rows > 0 GROUP BY run_id ORDER BY max(sequence) DESC LIMIT 1
), answer AS (
    SELECT stance.article_id, stance.revision, stance.stance, stance.about
    FROM stance JOIN target USING (target, statement_hash) JOIN model USING (model_version)
    WHERE target.is_current AND list_contains($targets::VARCHAR[], stance.target)
        AND model.is_current AND model.asked_with IS NULL
        AND stance.article_id NOT IN (SELECT article_id FROM duplicate)
        AND stance.article_id NOT IN (SELECT article_id FROM never_sent($never_sent))
)
SELECT
    night.run_id,
    count(DISTINCT article.article_id) AS taken_in,
    count(DISTINCT answer.article_id) FILTER (
        answer.stance = 'unsure'
        OR ($ask IN ('stated', 'all') AND answer.stance IN ('favor', 'against'))
        OR ($ask = 'all' AND answer.about)
        OR right(answer.article_id, 8) < $random_below
    ) AS pieces
FROM night
JOIN article USING (run_id)
LEFT JOIN answer ON answer.article_id = article.article_id AND answer.revision = article.revision
GROUP BY night.run_id
