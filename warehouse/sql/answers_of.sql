-- Which answers has the person $annotator given, the latest last? If a target has got further wordings or aliases since,
-- an answer is listed under the question of that day and under the present one, because files may name either.
SELECT * EXCLUDE (run_id, month) FROM annotation WHERE annotator = $annotator
UNION
SELECT * EXCLUDE (run_id, month) FROM current_annotation WHERE annotator = $annotator
ORDER BY answered_at
