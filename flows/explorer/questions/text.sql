-- What does it say?
SELECT text, note, caption
FROM article_text
WHERE article_id = {{ article_id }} AND revision = {{ revision }} AND month = {{ month }}
