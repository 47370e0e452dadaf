-- Is there an item whose text was read from a file and that has an address of the web: a row, or a record of an archive?
SELECT count(*) > 0 AS is_there FROM item WHERE is_local AND NOT starts_with(url, 'file:')
