-- Which answer has each person given to each question? Skipped questions are left out.
SELECT article_id || ' ' || revision || ' ' || target || ' ' || statement_hash AS question, target, annotator, answer
FROM current_annotation WHERE answer <> 'skip'
ORDER BY question, annotator
