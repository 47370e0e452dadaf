-- Which outcome did the addresses $urls have when they were last taken in? A takedown counts whenever it happened.
WITH asked AS (SELECT unnest($urls) AS url), ended AS (
    SELECT url, arg_max(outcome, decided_at) AS outcome, max(decided_at) AS decided_at
    FROM outcome WHERE url IN (FROM asked) GROUP BY url
)
SELECT url, outcome, decided_at FROM ended ANTI JOIN tombstone USING (url)
UNION ALL
SELECT url, 'taken_down', taken_down_at FROM tombstone WHERE url IN (FROM asked)
