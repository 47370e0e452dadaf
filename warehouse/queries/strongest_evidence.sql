-- Which sentences show each side of each target most clearly? They are from the two most certain articles on each side;
-- quoted sentences are left out.
-- Empty: no article states a side of a target with a sentence of its author's own.
WITH side AS (
    FROM current_stance WHERE stance IN ('favor', 'against')
    QUALIFY row_number() OVER (PARTITION BY target, stance ORDER BY certainty DESC NULLS LAST, article_id) <= 12
), shown AS (
    SELECT s.*, e.score, e.start, e."end"
    FROM side s JOIN evidence e USING (article_id, revision, model_version, target, statement_hash)
    WHERE NOT e.quoted
    QUALIFY row_number() OVER (PARTITION BY s.article_id, target ORDER BY score DESC, start) = 1
), chosen AS (
    FROM shown
    QUALIFY row_number() OVER (PARTITION BY target, stance ORDER BY certainty DESC NULLS LAST, article_id) <= 2
), sought AS MATERIALIZED (
    SELECT list(article_id) AS ids FROM chosen
), text_of AS MATERIALIZED (  -- by a list and not by a join, which would hold all texts in memory
    SELECT article_id, revision, text FROM article_text
    WHERE list_contains((SELECT ids FROM sought), article_id)
)
SELECT
    target,
    stance,
    c.certainty,
    t.text[c.start + 1 : c."end"] AS sentence,
    c.outlet,
    a.authors,
    c.published_at,
    c.title,
    a.url
FROM chosen c
JOIN article a USING (article_id, revision)
JOIN text_of t USING (article_id, revision)
ORDER BY target, stance DESC, certainty DESC NULLS LAST, c.article_id
