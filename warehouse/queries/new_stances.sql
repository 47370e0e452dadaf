-- What are the stances of the last night's new articles on each target, and of the articles that were stored before it?
-- Empty: no new article of the last night speaks about a target.
WITH last_night AS (
    SELECT run_id FROM nights() WHERE nights_ago = 1
), brought AS (
    SELECT article_id FROM article SEMI JOIN last_night USING (run_id) WHERE revision = 1
), known_run AS (
    SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id
), earlier AS (
    -- a run of named inputs is no night, and what it brought after the last night was not stored before it
    SELECT article_id FROM article JOIN known_run USING (run_id)
    WHERE revision = 1 AND sequence < (SELECT sequence FROM known_run SEMI JOIN last_night USING (run_id))
), marked AS (
    SELECT
        target,
        statement,
        stance,
        article_id IN (FROM brought) AS is_new,
        article_id IN (FROM earlier) AS is_earlier
    FROM current_stance
)
SELECT
    target,
    any_value(statement) AS statement,
    count(*) FILTER (is_new) AS articles,
    count(*) FILTER (is_new AND stance = 'favor') AS favor,
    count(*) FILTER (is_new AND stance = 'against') AS against,
    count(*) FILTER (is_new AND stance = 'neutral') AS neutral,
    count(*) FILTER (is_new AND stance = 'unsure') AS unsure,
    count(*) FILTER (is_earlier) AS articles_before,
    count(*) FILTER (is_earlier AND stance = 'favor') AS favor_before,
    count(*) FILTER (is_earlier AND stance = 'against') AS against_before
FROM marked
GROUP BY target
HAVING count(*) FILTER (is_new) > 0
ORDER BY articles DESC, target
