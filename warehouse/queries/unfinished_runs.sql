-- Which runs began and never recorded their end?
-- Empty: every run has ended.
SELECT run_id, flow, started_at, last_commit_at, batches FROM run WHERE finished_at IS NULL ORDER BY started_at
