-- A person's answer has one of five values, and its sentences lie inside the text. Answers to questions drawn by
-- chance, and only these, name their stratum and a weight, which is that of unbiased drawing from a stratum of a known
-- size.
SELECT a.annotation_id, a.article_id, a.answer, a.sampled_by, a.sampling_weight, a.stratum_size
FROM checked.annotation a
LEFT JOIN (
    SELECT article_id, revision, char_count FROM article
    UNION SELECT article_id, revision, char_count FROM checked.article
) piece USING (article_id, revision)
WHERE a.answer NOT IN ('favor', 'against', 'neutral', 'not_about', 'skip')
    OR a.annotator = '' OR a.target = ''
    OR len(a.sentence_start) <> len(a.sentence_end)
    OR len(list_filter(list_zip(a.sentence_start, a.sentence_end), lambda one: one[1] < 0 OR one[2] <= one[1])) > 0
    OR list_max(a.sentence_end) > piece.char_count
    OR a.sampled_by NOT IN ('random', 'least_certain', 'models_differ', 'wordings_differ', 'most_copied', 'chosen')
    OR (a.sampled_by = 'random') <> (a.sampling_weight IS NOT NULL)
    OR (a.sampled_by = 'random') <> (a.stratum IS NOT NULL)
    OR (a.sampled_by = 'random') <> (a.stratum_size IS NOT NULL)
    OR (a.sampled_by = 'chosen') <> (a.sample IS NULL)
    OR a.sampling_weight < 1 OR isnan(a.sampling_weight) OR a.sampling_weight > a.stratum_size
