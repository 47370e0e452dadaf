-- A copy is not its own original, and its similarity is a share.
SELECT article_id, duplicate_of, how, similarity FROM checked.duplicate
WHERE article_id = duplicate_of OR similarity NOT BETWEEN 0 AND 1 OR how NOT IN ('url', 'text', 'near')
