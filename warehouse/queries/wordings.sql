-- How has each target been worded over time, and which wording counts?
SELECT target, asked_from, statement, also, denied, active, is_current FROM target ORDER BY target, asked_from
