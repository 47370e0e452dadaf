-- Which sentences are the strongest evidence for each current stance, as they stand in the stored text?
SELECT e.target, e.stance, e.quoted, round(e.score, 3) AS score, t.text[e.start + 1 : e."end"] AS sentence, a.outlet, a.title
FROM evidence e
JOIN article a USING (article_id, revision)
JOIN article_text t USING (article_id, revision)
WHERE e.is_current
QUALIFY row_number() OVER (PARTITION BY e.article_id, e.target ORDER BY e.score DESC, e.start) = 1
ORDER BY e.target, score DESC, e.article_id LIMIT 50
