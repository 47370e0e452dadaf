-- Which sources list an item that another source brought, and are not yet known to do so? Takes the table incoming (url,
-- article_id, source, brought_by): what each source lists, and the source that brings the item if it is not known yet. Taken-down articles are left out,
-- by URL and by id, because a tombstone may have only an id.
SELECT incoming.url, incoming.article_id, incoming.source
FROM incoming
LEFT JOIN item USING (url)
ANTI JOIN also_listed ON also_listed.url = incoming.url AND also_listed.source = incoming.source
ANTI JOIN tombstone ON tombstone.url = incoming.url
WHERE incoming.article_id NOT IN (SELECT article_id FROM tombstone)
    AND incoming.source <> coalesce(item.source, incoming.brought_by)
