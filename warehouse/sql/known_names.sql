-- Which names are there for people to type: of targets, outlets, sources, stances, languages and outcomes?
SELECT 'target' AS what, target AS name FROM target
UNION SELECT 'outlet', outlet FROM article
UNION SELECT 'outlet', outlet FROM duplicate
UNION SELECT 'source', source FROM source
UNION SELECT 'stance', stance FROM stance
UNION SELECT 'language', language FROM article
UNION SELECT 'outcome', outcome FROM outcome
ORDER BY what, name
