-- Which items failed in a run, and why? (Items that were left out on purpose have not failed.)
SELECT url, source, outcome, reason
FROM outcome
WHERE run_id = $run_id
  AND (has_failed(outcome) OR outcome IN ('refused', 'too_large', 'unsupported_type'))
ORDER BY source, url;
