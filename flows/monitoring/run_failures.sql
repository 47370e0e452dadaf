-- What went wrong in a run, and why? (What was left out on purpose is not wrong.)
SELECT url, source, outcome, reason
FROM outcome
WHERE run_id = $run_id
  AND outcome IN ('fetch_failed', 'extract_failed', 'rejected', 'refused', 'too_large')
ORDER BY source, url;
