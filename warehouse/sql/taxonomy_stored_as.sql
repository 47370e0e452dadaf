-- Under which name are the topics of a taxonomy stored?
-- Takes $topics_version, the fingerprint of its content. Its file may have been moved, and on another machine it has
-- another path. The table model has the name and the fingerprint. No row: no model has used the taxonomy yet.
SELECT left(taxonomy, length(taxonomy) - length($topics_version) - 1) AS name
FROM model
WHERE ends_with(taxonomy, ' ' || $topics_version)
ORDER BY rank DESC, first_used_at DESC, model_version
LIMIT 1
