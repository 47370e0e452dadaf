-- What was left out of files of rows (table whole_file: url) and is no longer in them? A row, a line or the file itself
-- counts as left out if its last outcome apart from unchanged is no article and no copy. What the sources of this run
-- list, leave out or cannot read (table present: url) is still there.
WITH known_run AS (
    SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id
), past AS (
    SELECT
        url,
        arg_max(outcome, coalesce(sequence, 0)) AS outcome,
        arg_max(stage, coalesce(sequence, 0)) AS stage,
        arg_max(reason, coalesce(sequence, 0)) AS reason,
        arg_max(source, coalesce(sequence, 0)) AS source
    FROM outcome LEFT JOIN known_run USING (run_id)
    WHERE outcome <> 'unchanged' AND starts_with(url, 'file:')
    GROUP BY url
)
SELECT past.url, past.source, past.outcome, past.reason
FROM past
ANTI JOIN present USING (url)
ANTI JOIN tombstone USING (url)
WHERE split_part(past.url, '#', 1) IN (SELECT url FROM whole_file)
    AND past.outcome NOT IN ('loaded', 'revised', 'taken_down', 'gone')
    AND (past.outcome <> 'duplicate' OR past.stage = 'discover')
ORDER BY past.url
