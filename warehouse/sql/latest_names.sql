-- The views and macros that were added last without a new schema version. This fails in a file that lacks one of them.
SELECT
    share_of(1, 5), balance_of(1, 5), has_failed('loaded'), cannot_be_read('loaded'),
    calls_for_second_model('all', 'unsure', true, true), evidence_order(0.5, true), split_of('00000000'),
    answer_certainty('favor', true, 0.9, 0.1, 0, 1), text_is_known('loaded')
FROM given_annotation, gold_draw, originals(), nights() LIMIT 0
