-- How many items ended in each outcome, over all runs?
SELECT outcome, count(*) AS items, count(DISTINCT url) AS addresses FROM outcome GROUP BY outcome ORDER BY outcome
