-- Which night was the last, what is its note, and has it recorded no end? If there was no night, which run was? By the
-- order of commits, as a clock may be wrong.
SELECT
    run_id,
    max(note) FILTER (kind = 'finish') AS note,
    run_id IN (SELECT run_id FROM run WHERE finished_at IS NULL) AS is_unfinished
FROM commit_log LEFT JOIN nights() USING (run_id)
GROUP BY run_id ORDER BY min(nights_ago) NULLS LAST, max(sequence) DESC LIMIT 1;
