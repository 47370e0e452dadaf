-- Article fields lie in their ranges: ids are 32 hex digits, revisions start at 1, months fit, quality is a share.
SELECT article_id, revision, kind, month, word_count, quality
FROM checked.article
WHERE NOT regexp_full_match(article_id, '[0-9a-f]{32}')
    OR NOT regexp_full_match(text_hash, '[0-9a-f]{32}')
    OR NOT regexp_full_match(month, '[0-9]{4}-(0[1-9]|1[0-2])')
    OR revision < 1
    OR kind NOT IN ('opinion', 'news', 'unknown')
    OR word_count < 0
    OR quality NOT BETWEEN 0 AND 1
