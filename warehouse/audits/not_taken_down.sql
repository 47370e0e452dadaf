-- An article that was taken down does not come back, and no copy names it as its original.
SELECT held.article_id, held.url
FROM (
    SELECT article_id, url FROM checked.article
    UNION SELECT article_id, url FROM checked.item
    UNION SELECT article_id, url FROM checked.also_listed
    UNION SELECT article_id, url FROM checked.duplicate
    UNION SELECT duplicate_of, NULL FROM checked.duplicate
    UNION SELECT NULL, url FROM checked.visit WHERE resource IN ('page', 'file')  -- a listing may have the same address
    UNION SELECT NULL, final_url FROM checked.visit WHERE resource IN ('page', 'file')
) held
WHERE held.article_id IN (SELECT article_id FROM tombstone) OR held.url IN (SELECT url FROM tombstone)
