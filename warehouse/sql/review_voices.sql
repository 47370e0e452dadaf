-- What has each person answered to each question? Skipped ones are left out.
SELECT article_id || ' ' || revision || ' ' || target || ' ' || statement_hash AS question, target, annotator, answer
FROM current_annotation WHERE answer <> 'skip'
ORDER BY question, annotator
