-- In which wordings has each target been asked, the latest last?
SELECT target, statement, statement_hash, is_current FROM target ORDER BY target, asked_from
