{% if is_latest %}
-- What do the models answer for this text, by target? The answers that count now come first.
{% else %}
-- What did the models answer for this earlier text, by target? None counts now; those in is_shown are by the best model.
{% endif %}
SELECT
    s.target,
    t.statement,
    s.stance,
    s.about,
    round(answer_certainty(s.stance, s.about, s.p_favor, s.p_against, s.p_neutral, s.relevance), 4) AS certainty,
    s.p_favor,
    s.p_against,
    s.p_neutral,
    s.relevance,
    s.is_current,
{% if is_latest %}
    s.is_current AS is_shown,
{% else %}
    row_number() OVER (
        PARTITION BY s.target
        ORDER BY t.asked_from DESC NULLS LAST, nullif(m.rank, 0) DESC NULLS LAST, s.model_version DESC
    ) = 1 AS is_shown,
{% endif %}
    s.statement_hash,
    s.model_version,
    m.name AS model
FROM stance s
LEFT JOIN target t USING (target, statement_hash)
LEFT JOIN model m USING (model_version)
WHERE s.article_id = {{ article_id }} AND s.revision = {{ revision }}
QUALIFY row_number() OVER (
    PARTITION BY s.target, s.statement_hash, s.model_version ORDER BY t.asked_from DESC NULLS LAST
) = 1
ORDER BY is_shown DESC, s.about DESC, s.stance = 'unsure', certainty DESC NULLS LAST, s.target
