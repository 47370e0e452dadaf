-- The answers of people.

-- People see the statement of a target, and neither its other wordings nor its aliases. If the statement that they were
-- asked is the present one, their answers are answers to the present question.
CREATE OR REPLACE VIEW given_annotation AS
WITH same_statement AS (
    SELECT DISTINCT earlier.target, earlier.statement_hash, present.statement_hash AS present_hash
    FROM target earlier
    JOIN target present
        ON present.is_current AND present.target = earlier.target AND present.statement = earlier.statement
)
SELECT annotation.* REPLACE (coalesce(same_statement.present_hash, annotation.statement_hash) AS statement_hash)
FROM annotation
LEFT JOIN same_statement
    ON same_statement.target = annotation.target AND same_statement.statement_hash = annotation.statement_hash;
COMMENT ON VIEW given_annotation IS
    'All answers of people, including those after which the same person has given another one. statement_hash is that of '
    'the present question, also if the target has got further wordings or aliases since.';

CREATE OR REPLACE VIEW current_annotation AS
SELECT * FROM given_annotation
QUALIFY row_number() OVER (
    PARTITION BY article_id, revision, target, statement_hash, annotator ORDER BY answered_at DESC, annotation_id DESC
) = 1;
COMMENT ON VIEW current_annotation IS
    'The answers of people that count: the latest answer of each person to each question. statement_hash is that of the '
    'present question, as in given_annotation.';

CREATE OR REPLACE VIEW gold_draw AS
WITH vote AS (
    SELECT
        article_id, revision, target, statement_hash, answer, count(*) AS people,
        max(people) OVER (PARTITION BY article_id, revision, target, statement_hash) AS most
    FROM current_annotation WHERE answer <> 'skip'
    GROUP BY article_id, revision, target, statement_hash, answer
), joint AS (
    SELECT
        article_id, revision, target, statement_hash,
        sum(people)::INTEGER AS annotators,
        list(answer ORDER BY answer) FILTER (people = most) AS most_frequent,
        CASE WHEN len(most_frequent) = 1 THEN most_frequent[1] END AS answer
    FROM vote
    GROUP BY article_id, revision, target, statement_hash
), draw AS (
    -- Of all answers, and not only of those that count: a person may answer a question once more that was drawn, for
    -- another sample or in a file without a draw. That does not remove the question from its sample.
    SELECT
        article_id, revision, target, statement_hash,
        arg_max(
            {'sampled_by': sampled_by, 'sample': sample, 'stratum': stratum, 'stratum_size': stratum_size,
                'sampling_weight': sampling_weight, 'answered_at': answered_at, 'annotation_id': annotation_id},
            (answered_at, annotation_id)
        ) AS drawn
    FROM (
        FROM given_annotation
        QUALIFY sampled_by = 'random'
            OR NOT bool_or(sampled_by = 'random') OVER (PARTITION BY article_id, revision, target, statement_hash)
    )
    GROUP BY
        article_id, revision, target, statement_hash, CASE WHEN sampled_by = 'random' THEN coalesce(sample, '') END
)
SELECT
    joint.*, article.month, article.outlet, article.published_at, article.title,
    drawn.sampled_by, drawn.sample, drawn.stratum, drawn.stratum_size, drawn.sampling_weight,
    row_number() OVER (
        PARTITION BY article_id, revision, target, statement_hash
        ORDER BY drawn.answered_at DESC, drawn.annotation_id DESC
    ) = 1 AS is_latest
FROM joint
JOIN draw USING (article_id, revision, target, statement_hash)
JOIN article USING (article_id, revision);
COMMENT ON VIEW gold_draw IS
    'The joint answer of people to each question, as in gold_answer, once for each random sample for which the question '
    'was drawn, and once if it was drawn for none. most_frequent has the most frequent answer, or all those that are '
    'equally frequent. is_latest is true in one row of each question, that of the latest draw.';

CREATE OR REPLACE VIEW gold_answer AS
SELECT * EXCLUDE (most_frequent, is_latest) FROM gold_draw WHERE is_latest;
COMMENT ON VIEW gold_answer IS
    'The joint answer of people to each question: the most frequent answer, empty if two answers are equally frequent, '
    'and how the question was drawn (the latest draw, if it was drawn for several random samples; see gold_draw). '
    'Skipped answers are left out.';
