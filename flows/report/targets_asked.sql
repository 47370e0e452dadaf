-- Which targets are new articles asked about?
SELECT target FROM target WHERE is_current AND active ORDER BY target
