-- How the wordings of a target lean.

-- How far a wording leans to a side of its target, from 1 (for) to -1 (against): favor minus against, after a softmax
-- of the outputs. The sign is reversed if the wording is denied.
CREATE OR REPLACE MACRO lean(favor, against, neutral, denied) AS
CASE WHEN denied THEN -1 ELSE 1 END * (
    1 / (1 + exp(against::DOUBLE - favor) + exp(neutral::DOUBLE - favor))
    - 1 / (1 + exp(favor::DOUBLE - against) + exp(neutral::DOUBLE - against))
);

-- A second model is asked the statement alone, so beside its answer are the leans that the first model found.
CREATE OR REPLACE VIEW wording_lean AS
WITH read_before AS (
    SELECT s.article_id, s.revision, s.target, s.statement_hash, first_model.weights_version
    FROM current_stance s
    JOIN model second_model ON second_model.model_version = s.model_version AND second_model.asked_with IS NOT NULL
    JOIN stance first_answer USING (article_id, revision, target, statement_hash)
    JOIN model first_model ON first_model.model_version = first_answer.model_version AND first_model.asked_with IS NULL
    QUALIFY row_number() OVER (
        PARTITION BY s.article_id, s.revision, s.target, s.statement_hash
        ORDER BY first_model.rank DESC, first_model.model_version DESC
    ) = 1
)
SELECT
    s.target,
    w.wording_number,
    w.wording,
    w.denied,
    round(lean(w.favor, w.against, w.neutral, w.denied), 4) AS lean,
    s.stance,
    s.certainty,
    s.outlet,
    s.published_at,
    s.title,
    s.article_id
FROM current_stance s
JOIN model USING (model_version)
LEFT JOIN read_before r USING (article_id, revision, target, statement_hash)
JOIN wording_score w ON w.article_id = s.article_id AND w.revision = s.revision AND w.month = s.month
    AND w.target = s.target AND w.statement_hash = s.statement_hash
    AND w.weights_version = coalesce(model.weights_version, r.weights_version);
COMMENT ON VIEW wording_lean IS
    'How far each wording of a target leans to a side in each article that speaks about it; see the macro lean. If the '
    'answer that counts is that of a second model, the leans are those of the best-ranked first model.';

-- The articles on which the wordings of a target lean to different sides, largest distance first.
CREATE OR REPLACE MACRO wording_diff(wanted) AS TABLE
SELECT
    round(max(lean) - min(lean), 4) AS distance,
    list({'wording': wording, 'denied': denied, 'lean': lean} ORDER BY wording_number) AS leans,
    any_value(stance) AS stance,
    any_value(certainty) AS certainty,
    any_value(outlet) AS outlet,
    any_value(published_at) AS published_at,
    any_value(title) AS title,
    article_id
FROM wording_lean
WHERE target = wanted
GROUP BY article_id
HAVING max(lean) > 0 AND min(lean) < 0
ORDER BY distance DESC, article_id;

-- On how many articles all wordings of a target lean to one side, among the articles that speak about the target and
-- were asked several of its wordings. share is empty if there are fewer than 5 such articles (few); the smallest comes
-- first.
CREATE OR REPLACE MACRO wording_agreement() AS TABLE
SELECT
    target,
    max(wordings) AS wordings,
    count(*) AS articles,
    count(*) FILTER (one_side) AS articles_on_one_side,
    share_of(count(*) FILTER (one_side), count(*)) AS share,
    count(*) < 5 AS few
FROM (
    SELECT target, article_id, count(*) AS wordings, min(lean) >= 0 OR max(lean) <= 0 AS one_side
    FROM wording_lean
    GROUP BY target, article_id
    HAVING count(*) > 1
)
GROUP BY target
ORDER BY share NULLS LAST, target;
