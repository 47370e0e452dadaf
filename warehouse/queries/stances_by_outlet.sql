-- Where does each outlet stand on each target? Balance: of stated sides, 1 all in favor, -1 all against; few: fewer than 5.
SELECT target, outlet, articles, favor, against, neutral, unsure, balance, few
FROM outlet_balance ORDER BY target, balance DESC NULLS LAST, outlet
