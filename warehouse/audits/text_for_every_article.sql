-- Every article revision has exactly one text, in the same month and of the length that the article row gives.
SELECT article_id, revision, a.month AS article_month, t.month AS text_month, a.char_count, length(t.text) AS length
FROM checked.article a
FULL JOIN checked.article_text t USING (article_id, revision)
WHERE a.month IS DISTINCT FROM t.month OR a.char_count IS DISTINCT FROM length(t.text)
