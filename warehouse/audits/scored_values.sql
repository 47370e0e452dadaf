-- A task is topic (without target) or stance (with one), and has a number of rows.
SELECT article_id, task, target, statement_hash, n_rows FROM checked.scored
WHERE task NOT IN ('topic', 'stance') OR (task = 'topic') <> (target = '') OR n_rows < 0
