-- The views and macros that were added last without a new schema version. This fails in a file that lacks one of them.
SELECT share_of(1, 5), balance_of(1, 5), has_failed('loaded'), cannot_be_read('loaded') FROM given_annotation LIMIT 0
