-- Which texts do these articles (table incoming: article_id, revision) have?
SELECT article.article_id, article.revision, article.title, article.language, article_text.text
FROM incoming
JOIN article USING (article_id, revision)
JOIN article_text USING (article_id, revision)
ORDER BY article.article_id
