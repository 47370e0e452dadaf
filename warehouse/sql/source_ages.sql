-- Since when is each source read, and when did it last bring an item that had never been seen? If the clock of a run
-- was ahead, its items count from the beginning of the next run on.
WITH known_run AS (
    SELECT run_id, max(sequence) AS sequence, min(started_at) AS started_at FROM commit_log GROUP BY run_id
), ahead AS (
    SELECT known_run.run_id, coalesce(later.started_at, now()) AS discovered_at
    FROM known_run
    ASOF LEFT JOIN (FROM known_run WHERE started_at <= now()) later ON known_run.sequence < later.sequence
    WHERE known_run.started_at > now()
)
SELECT
    source.source,
    min(source.since) AS since,
    max(coalesce(ahead.discovered_at, item.discovered_at)) AS newest
FROM source
LEFT JOIN item ON item.source = source.source
LEFT JOIN ahead ON ahead.run_id = item.run_id
GROUP BY source.source
ORDER BY source.source
