-- Which targets, outlets and main topics can be chosen, and how many articles does each have?
SELECT 'targets' AS field, target AS value, any_value(t.statement) AS label, count(s.article_id) AS articles
FROM target t LEFT JOIN current_stance s USING (target)
WHERE t.is_current
GROUP BY target
UNION ALL
SELECT 'outlets', coalesce(outlet, '(unknown)'), NULL, count(*) FROM article WHERE is_current GROUP BY ALL
UNION ALL
SELECT 'topics', label, NULL, count(*) FROM main_topic GROUP BY label
ORDER BY field, articles DESC, value
