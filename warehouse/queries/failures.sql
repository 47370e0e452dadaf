-- Which items failed last, and why?
-- Empty: nothing failed.
SELECT decided_at, source, stage, outcome, reason, url
FROM outcome JOIN (SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id) USING (run_id)
WHERE has_failed(outcome) OR outcome IN ('refused', 'too_large', 'unsupported_type')
ORDER BY sequence DESC, decided_at DESC LIMIT 50
