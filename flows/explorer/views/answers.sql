-- Which stances do these articles take, and how certain are the answers?
{% include "chosen.sql" %}
SELECT
    s.article_id,
    s.published_at,
    s.outlet,
    s.title,
    s.target,
    s.statement,
    s.stance,
    s.certainty,
    s.p_favor,
    s.p_against,
    s.p_neutral,
    s.relevance,
    s.model_version
FROM current_stance s SEMI JOIN chosen_article USING (article_id)
ORDER BY s.published_at DESC NULLS LAST, s.article_id, s.target
