-- What do the models answer for this text, by target? The answers that count now come first.
SELECT
    s.target,
    t.statement,
    s.stance,
    s.about,
    round(certainty(s.stance, s.p_favor, s.p_against, s.p_neutral), 4) AS certainty,
    s.p_favor,
    s.p_against,
    s.p_neutral,
    s.relevance,
    s.is_current,
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
ORDER BY s.is_current DESC, s.about DESC, certainty DESC NULLS LAST, s.target
