-- What did the latest runs do, and how long did they take?
SELECT run_id, flow, started_at, finished_at, round(epoch(last_commit_at - started_at), 1) AS took_s, batches, article_rows, stance_rows, note
FROM run ORDER BY started_at DESC LIMIT 20
