-- Which articles have no date, so that their month is that of fetching?
-- Empty: every article has a date.
SELECT outlet, count(*) AS articles FROM article WHERE is_current AND published_at IS NULL GROUP BY outlet ORDER BY articles DESC
