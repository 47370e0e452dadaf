-- Which run finished last?
SELECT run_id FROM run ORDER BY started_at DESC LIMIT 1;
