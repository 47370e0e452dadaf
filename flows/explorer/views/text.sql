-- What is the text of this article?
SELECT text, note, caption
FROM article_text
WHERE article_id = {{ article_id }} AND revision = {{ revision }} AND month = {{ month }}
