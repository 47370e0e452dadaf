-- Which answers has the person $annotator given, the latest answer to each question?
SELECT * EXCLUDE (run_id, month) FROM current_annotation WHERE annotator = $annotator ORDER BY answered_at
