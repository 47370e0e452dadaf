-- How much did each configured source bring in a night and in the nights before it, and when did it last bring a new item?
-- A source that brought nothing is shown too; so is one that is not configured but has an outcome of this night. An item
-- may be known from another source (table also_listed): of two sources with the same pages, both have brought it.
WITH known AS (
    SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id
),
shown_night AS (  -- the run itself, which may be none by the macro nights(), and the nights before it
    SELECT run_id, row_number() OVER (ORDER BY sequence DESC) AS nights_ago
    FROM known
    WHERE (run_id = $run_id OR run_id IN (SELECT run_id FROM nights()))
        AND sequence <= (SELECT sequence FROM known WHERE run_id = $run_id)
    QUALIFY nights_ago <= 7
),
brought AS (
    SELECT
        source,
        run_id,
        count(*) AS items,
        count(*) FILTER (outcome IN ('loaded', 'revised')) AS loaded_or_revised,
        count(*) FILTER (has_failed(outcome)) AS failed
    FROM outcome SEMI JOIN shown_night USING (run_id)
    GROUP BY source, run_id
),
shown AS (
    SELECT unnest($sources::VARCHAR[]) AS source
    UNION
    SELECT source FROM brought WHERE run_id = $run_id
),
found AS (
    SELECT source, discovered_at AS found_at, run_id FROM item
    UNION ALL
    SELECT source, listed_at, run_id FROM also_listed
),
history AS (
    SELECT shown.source, list(brought.loaded_or_revised ORDER BY shown_night.nights_ago DESC) AS last_nights
    FROM shown
    CROSS JOIN shown_night
    LEFT JOIN brought ON brought.run_id = shown_night.run_id AND brought.source = shown.source
    GROUP BY shown.source
)
SELECT
    source,
    coalesce(tonight.items, 0) AS items,
    coalesce(tonight.loaded_or_revised, 0) AS loaded_or_revised,
    coalesce(tonight.failed, 0) AS failed,
    history.last_nights,
    (
        SELECT arg_max(found_at, (sequence, found_at))
        FROM found JOIN known USING (run_id)
        WHERE found.source = history.source
    ) AS newest
FROM history LEFT JOIN (FROM brought WHERE run_id = $run_id) AS tonight USING (source)
ORDER BY source;
