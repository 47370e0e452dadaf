-- Which answers has the person $annotator given, the latest last? If a target has got other aliases since, an answer is
-- listed under the wording of that day and under the present one, because questions may name either.
SELECT * EXCLUDE (run_id, month) FROM annotation WHERE annotator = $annotator
UNION
SELECT * EXCLUDE (run_id, month) FROM current_annotation WHERE annotator = $annotator
ORDER BY answered_at
