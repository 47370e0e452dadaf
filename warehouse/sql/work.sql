-- Which items are to be taken in by run $run_id? Wanted minus done, so that a first run, a continued run, a retry and
-- a backfill are one question. Failed ones come again until $max_attempts; known ones discovered after $recheck_since
-- are looked at again for changes. What was taken down never comes back.
WITH past AS (
    SELECT
        url,
        arg_max(outcome, decided_at) AS last_outcome,
        arg_max(outcome, decided_at) FILTER (outcome <> 'fetch_failed') AS last_read,
        count(*) FILTER (outcome IN ('fetch_failed', 'extract_failed')) AS attempts,
        bool_or(run_id = $run_id) AS in_this_run
    FROM outcome
    GROUP BY url
), last_visit AS (
    SELECT
        url,
        max(fetched_at) AS visited_at,
        arg_max(etag, fetched_at) AS etag,
        arg_max(last_modified, fetched_at) AS last_modified,
        arg_max(body_hash, fetched_at) AS body_hash
    FROM visit
    GROUP BY url
)
SELECT
    item.* EXCLUDE (run_id),
    past.last_outcome,
    past.last_read,
    coalesce(past.attempts, 0) AS attempts,
    last_visit.visited_at,
    last_visit.etag,
    last_visit.last_modified,
    last_visit.body_hash,
    article.text_hash,
    article.revision
FROM item
LEFT JOIN past USING (url)
LEFT JOIN last_visit USING (url)
LEFT JOIN article ON article.article_id = item.article_id AND article.is_current
WHERE NOT coalesce(past.in_this_run, false)
    AND item.article_id NOT IN (SELECT article_id FROM tombstone)
    AND item.url NOT IN (SELECT url FROM tombstone WHERE url IS NOT NULL)
    AND (
        past.url IS NULL
        OR (past.last_outcome IN ('fetch_failed', 'extract_failed') AND past.attempts < $max_attempts)
        OR (
            past.last_outcome IN ('loaded', 'unchanged', 'revised', 'duplicate')
            AND item.discovered_at >= $recheck_since
        )
    )
ORDER BY item.discovered_at, item.url
