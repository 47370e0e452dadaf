-- Which questions is a second model to be asked? Articles whose answers by the first model call for it, minus the
-- questions that have been asked.
-- Takes the table wanted_target (target, statement_hash). Takes $never_sent: sources that are configured never to be sent;
-- $model_version and $weights_version of the first model; $asked_with; $ask (unsure, stated or
-- all); $random_below: articles whose id ends in less than these eight hex digits are asked about every target, for
-- comparison; $since: if given, only articles taken in from then on; $published_since: if given, only those published
-- (without a date: fetched) from then on; $max_attempts: how often a question is asked without success; $run_id:
-- articles that this run has asked about are left out; $how_many articles, latest first.
-- A page of a web archive was fetched when the archive read it; it is taken in when the run begins that reads the archive.
-- Gives article_id, revision, target and why.
WITH known_run AS (
    SELECT run_id, min(started_at) AS started_at FROM commit_log GROUP BY run_id
), asked_now AS (
    SELECT article_id, revision FROM second_reading WHERE asked_with = $asked_with AND run_id = $run_id
), vain AS (  -- each reading asked in the wordings that were in force then
    SELECT reading.article_id, reading.revision, target.target, target.statement_hash
    FROM (
        SELECT article_id, revision, asked_at, unnest(targets) AS target
        FROM second_reading
        WHERE asked_with = $asked_with AND outcome IN ('refused', 'partly')
    ) reading
    ASOF JOIN target ON reading.target = target.target AND reading.asked_at >= target.asked_from
    GROUP BY ALL
    HAVING count(*) >= $max_attempts
), piece AS (
    SELECT
        article_id,
        revision,
        month,
        greatest(fetched_at, coalesce(started_at, fetched_at)) AS taken_in_at,
        right(article_id, 8) < $random_below AS by_chance
    FROM article
    LEFT JOIN known_run USING (run_id)
    ANTI JOIN asked_now USING (article_id, revision)
    WHERE is_current
        AND ($since::TIMESTAMPTZ IS NULL OR taken_in_at >= $since::TIMESTAMPTZ)
        AND ($published_since::TIMESTAMPTZ IS NULL
            OR coalesce(published_at, fetched_at) >= $published_since::TIMESTAMPTZ)
        AND article_id NOT IN (SELECT article_id FROM duplicate)
        AND article_id NOT IN (SELECT article_id FROM never_sent($never_sent))
), answer AS (
    SELECT piece.*, stance.target, stance.statement_hash, stance.stance, stance.about
    FROM stance
    SEMI JOIN wanted_target USING (target, statement_hash)
    JOIN piece USING (article_id, revision)
    WHERE stance.model_version = $model_version
), called_for AS (
    SELECT * FROM answer
    WHERE by_chance
        OR calls_for_second_model($ask, stance, about, EXISTS (
            FROM wording_score w
            WHERE w.month = answer.month AND w.article_id = answer.article_id AND w.revision = answer.revision
                AND w.target = answer.target AND w.statement_hash = answer.statement_hash
                AND w.weights_version = $weights_version
        ))
), due AS (
    SELECT * FROM called_for
    ANTI JOIN (
        SELECT scored.* FROM scored SEMI JOIN (FROM model WHERE asked_with = $asked_with) USING (model_version)
    ) USING (article_id, revision, target, statement_hash)
    ANTI JOIN vain USING (article_id, revision, target, statement_hash)
)
SELECT article_id, revision, target, if(by_chance, 'random', $ask) AS why
FROM due
QUALIFY $how_many::BIGINT IS NULL OR dense_rank() OVER (ORDER BY taken_in_at DESC, article_id) <= $how_many::BIGINT
ORDER BY taken_in_at DESC, article_id, target
