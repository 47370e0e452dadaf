-- How many articles of each outlet have no date, so that their month is that of fetching?
-- Empty: every article has a date.
SELECT coalesce(outlet, '(unknown)') AS outlet, count(*) AS articles
FROM article WHERE is_current AND published_at IS NULL
GROUP BY ALL ORDER BY articles DESC, outlet
