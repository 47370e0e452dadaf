-- Which items failed last, or cannot be read, and why?
-- Empty: everything could be read, and nothing failed.
SELECT decided_at, source, stage, outcome, reason, url
FROM outcome JOIN (SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id) USING (run_id)
WHERE has_failed(outcome) OR cannot_be_read(outcome)
ORDER BY sequence DESC, decided_at DESC, source, url LIMIT 50
