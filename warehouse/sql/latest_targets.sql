-- Which targets are there, as last worded, including targets that are no longer asked?
SELECT target, statement, statement_hash, also, denied, aliases, active, asked_from
FROM target
QUALIFY row_number() OVER (PARTITION BY target ORDER BY asked_from DESC) = 1;
