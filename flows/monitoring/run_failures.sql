-- Which items failed in a run, and why? (Items that were left out on purpose have not failed.)
SELECT url, source, outcome, reason
FROM outcome
WHERE run_id = $run_id
  AND outcome IN ('fetch_failed', 'postponed', 'extract_failed', 'rejected', 'refused', 'too_large')
ORDER BY source, url;
