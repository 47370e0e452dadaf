-- Which night was the last? If there was none, which run was? By the order of commits: a clock may have been ahead.
SELECT run_id FROM commit_log GROUP BY run_id ORDER BY any_value(flow) = 'nightly' DESC, max(sequence) DESC LIMIT 1;
