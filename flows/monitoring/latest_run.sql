-- Which night was the last, and what is its note? If there was no night, which run was? By the order of commits, as a
-- clock may be wrong.
SELECT run_id, max(note) FILTER (kind = 'finish') AS note
FROM commit_log GROUP BY run_id ORDER BY any_value(flow) = 'nightly' DESC, max(sequence) DESC LIMIT 1;
