-- Which night was the last? If there was none, which run was?
SELECT run_id FROM run ORDER BY flow = 'nightly' DESC, started_at DESC LIMIT 1;
