-- About how many articles of the latest night would a second model be asked ($ask: unsure, stated or all; $targets: the
-- ids of the configured targets; $random_below and $never_sent as in warehouse/sql/second_due.sql)? As there, only answers
-- of the first model count, and neither copies nor articles of sources with second_model = false are sent.
WITH night AS (
    SELECT run_id FROM nights() JOIN commit_log USING (run_id)
    WHERE article_rows > 0 ORDER BY nights_ago LIMIT 1
), taken_in AS (
    SELECT article_id, revision FROM article SEMI JOIN night USING (run_id)
), answer AS (
    SELECT stance.*, model.weights_version
    FROM stance
    SEMI JOIN taken_in USING (article_id, revision)
    JOIN target USING (target, statement_hash)
    JOIN model USING (model_version)
    WHERE target.is_current AND list_contains($targets::VARCHAR[], stance.target)
        AND model.is_current AND model.asked_with IS NULL
        AND stance.article_id NOT IN (SELECT article_id FROM duplicate)
        AND stance.article_id NOT IN (SELECT article_id FROM never_sent($never_sent))
), called_for AS (
    SELECT DISTINCT article_id FROM answer
    WHERE right(article_id, 8) < $random_below
        OR calls_for_second_model($ask, stance, about, EXISTS (
            FROM wording_score w
            WHERE w.month = answer.month AND w.article_id = answer.article_id AND w.revision = answer.revision
                AND w.target = answer.target AND w.statement_hash = answer.statement_hash
                AND w.weights_version = answer.weights_version
        ))
)
SELECT
    night.run_id,
    (SELECT count(DISTINCT article_id) FROM taken_in) AS taken_in,
    (SELECT count(*) FROM called_for) AS to_ask
FROM night
