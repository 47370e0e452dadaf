-- Which sentences are the strongest evidence for the current stances on each target, as they stand in the stored text? Of
-- each target the ten strongest, one of each article. The share (score) of a quoted sentence counts half.
WITH of_article AS (
    FROM evidence
    WHERE is_current
    QUALIFY row_number() OVER (PARTITION BY article_id, target ORDER BY evidence_order(score, quoted) DESC, start) = 1
), chosen AS (
    FROM of_article
    QUALIFY row_number() OVER (PARTITION BY target ORDER BY evidence_order(score, quoted) DESC, article_id) <= 10
)
SELECT e.target, e.stance, e.quoted, round(e.score, 3) AS score, t.text[e.start + 1 : e."end"] AS sentence, a.outlet, a.title
FROM chosen e
JOIN article a USING (article_id, revision)
JOIN article_text t USING (article_id, revision)
ORDER BY e.target, evidence_order(e.score, e.quoted) DESC, e.article_id
