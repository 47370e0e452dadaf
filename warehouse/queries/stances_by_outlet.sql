-- Where does each outlet stand on each target? Balance is 1 if all pieces are in favor, -1 if all are against.
SELECT target, outlet, articles, balance FROM outlet_balance ORDER BY target, balance DESC, outlet
