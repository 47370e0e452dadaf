-- What did the latest runs do, and how long did they take?
SELECT run_id, flow, started_at, finished_at, last_commit_at - started_at AS took, batches, article_rows, stance_rows, note
FROM run ORDER BY started_at DESC LIMIT 20
