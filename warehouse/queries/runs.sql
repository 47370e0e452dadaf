-- What did the latest runs do, and how long did they take?
SELECT run_id, flow, started_at, finished_at, round(epoch(last_commit_at - started_at), 1) AS took_s, batches, article_rows, stance_rows, note
FROM run JOIN (SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id) USING (run_id)
ORDER BY sequence DESC LIMIT 20
