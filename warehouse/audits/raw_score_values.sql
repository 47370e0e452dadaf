-- A screen's score is a number; sentences are ranges inside the stored text, with evidence shares, largest first.
SELECT article_id, target, screen, sentence_start, sentence_end, sentence_score, char_count
FROM checked.raw_score
LEFT JOIN (
    SELECT article_id, revision, char_count FROM checked.article
    UNION SELECT article_id, revision, char_count FROM article SEMI JOIN checked.raw_score USING (article_id, revision)
) a USING (article_id, revision)
WHERE NOT isfinite(screen)
    OR len(sentence_end) <> len(sentence_start)
    OR len(sentence_score) <> len(sentence_start)
    OR len(sentence_quoted) <> len(sentence_start)
    OR list_min(sentence_start) < 0
    OR list_max(sentence_end) > char_count
    OR list_min(list_transform(list_zip(sentence_start, sentence_end), lambda s: s[2] - s[1])) <= 0
    OR list_min(sentence_score) < 0
    OR list_max(sentence_score) > 1
    OR sentence_score <> list_reverse_sort(sentence_score)
