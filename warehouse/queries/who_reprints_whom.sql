-- Who reprints whom?
FROM duplicates_by_outlet ORDER BY copies DESC, outlet, outlet_of_original
