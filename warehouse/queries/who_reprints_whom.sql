-- Who reprints whom?
-- Empty: no copy has been found.
FROM duplicates_by_outlet ORDER BY copies DESC, outlet, outlet_of_original
