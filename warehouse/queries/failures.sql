-- What failed last, and why?
-- Empty: nothing failed.
SELECT decided_at, source, stage, outcome, reason, url
FROM outcome
WHERE outcome IN ('fetch_failed', 'extract_failed', 'refused', 'too_large', 'unsupported_type')
ORDER BY decided_at DESC LIMIT 50
