-- Which items of a run failed, or cannot be read, and why?
SELECT url, source, outcome, reason
FROM outcome
WHERE run_id = $run_id AND (has_failed(outcome) OR cannot_be_read(outcome))
ORDER BY source, url;
