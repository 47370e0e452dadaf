-- Where does each outlet stand on each target? Balance is 1 if all pieces are in favor, -1 if all are against.
SELECT
    target,
    outlet,
    count(*) AS articles,
    round((count(*) FILTER (stance = 'favor') - count(*) FILTER (stance = 'against')) / count(*), 3) AS balance
FROM current_stance GROUP BY target, outlet ORDER BY target, balance DESC, outlet
