-- Which hosts were slowest to answer in a run?
SELECT
    regexp_extract(url, '^[a-z]+://([^/]+)', 1) AS host,
    count(*) AS items,
    round(median(elapsed::DOUBLE), 3) AS median_s,
    round(max(elapsed)::DOUBLE, 3) AS slowest_s
FROM outcome
WHERE run_id = $run_id AND url NOT LIKE 'file:%' AND elapsed IS NOT NULL
GROUP BY host
ORDER BY median_s DESC, host
LIMIT 10;
