-- Which outcome did the addresses $urls have when they were last taken in? The order of the commits decides which is the
-- last, because clocks may be wrong. A takedown counts whenever it happened, also if its tombstone has only an id: the id
-- of an address is this hash of it.
WITH asked AS (
    SELECT unnest($urls) AS url
), known_run AS (
    SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id
), gone AS (
    SELECT asked.url, max(taken_down_at) AS taken_down_at
    FROM asked JOIN tombstone ON tombstone.url = asked.url OR tombstone.article_id = left(sha256(asked.url), 32)
    GROUP BY asked.url
), ended AS (
    SELECT url, arg_max(outcome, sequence) AS outcome, arg_max(decided_at, sequence) AS decided_at
    FROM outcome JOIN known_run USING (run_id)
    WHERE url IN (FROM asked)
    GROUP BY url
)
SELECT url, outcome, decided_at FROM ended ANTI JOIN gone USING (url)
UNION ALL
SELECT url, 'taken_down', taken_down_at FROM gone
