-- Since when is each source read, and when was it last found to list an item for the first time? The item may be known
-- from another source (table also_listed): of two sources with the same pages, both are alive. If the clock of a run was
-- ahead, its items count from the beginning of the next run on.
WITH known_run AS (
    SELECT run_id, max(sequence) AS sequence, min(started_at) AS started_at FROM commit_log GROUP BY run_id
), ahead AS (
    SELECT known_run.run_id, coalesce(later.started_at, now()) AS found_at
    FROM known_run
    ASOF LEFT JOIN (FROM known_run WHERE started_at <= now()) later ON known_run.sequence < later.sequence
    WHERE known_run.started_at > now()
), found AS (
    SELECT source, discovered_at AS found_at, run_id FROM item
    UNION ALL
    SELECT source, listed_at, run_id FROM also_listed
)
SELECT
    source.source,
    min(source.since) AS since,
    max(coalesce(ahead.found_at, found.found_at)) AS newest
FROM source
LEFT JOIN found ON found.source = source.source
LEFT JOIN ahead ON ahead.run_id = found.run_id
GROUP BY source.source
ORDER BY source.source
