-- Which night was the last? If there was no night, which run was? By the order of commits, as a clock may be wrong.
SELECT run_id FROM commit_log GROUP BY run_id ORDER BY any_value(flow) = 'nightly' DESC, max(sequence) DESC LIMIT 1;
