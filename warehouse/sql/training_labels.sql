-- Which label does each statement of a target have on each article, with the text? Reads answer (training_answers.sql).
SELECT
    answer.article_id || '-' || answer.revision AS id,
    answer.* EXCLUDE (article_id, revision), answer.article_id, answer.revision,
    article.title, article_text.text, article.outlet, article.language, article.published_at
FROM answer
JOIN article USING (article_id, revision)
JOIN article_text USING (article_id, revision)
ORDER BY answer.article_id, answer.revision, answer.target, answer.statement
