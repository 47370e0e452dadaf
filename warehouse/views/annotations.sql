-- The answers of people.

-- People see the statement of a target and not its aliases. If the wording that they were asked differs from the present
-- one in nothing but aliases, their answers are answers to the present one.
CREATE OR REPLACE VIEW given_annotation AS
WITH other_aliases AS (
    SELECT DISTINCT earlier.target, earlier.statement_hash, present.statement_hash AS present_hash
    FROM target earlier
    JOIN target present
        ON present.is_current AND present.target = earlier.target AND present.statement = earlier.statement
        AND present.also IS NOT DISTINCT FROM earlier.also AND present.denied IS NOT DISTINCT FROM earlier.denied
)
SELECT annotation.* REPLACE (coalesce(other_aliases.present_hash, annotation.statement_hash) AS statement_hash)
FROM annotation
LEFT JOIN other_aliases
    ON other_aliases.target = annotation.target AND other_aliases.statement_hash = annotation.statement_hash;
COMMENT ON VIEW given_annotation IS
    'All answers of people, including those after which the same person has given another one. statement_hash is that of '
    'the present question, also if the target has got other aliases since.';

CREATE OR REPLACE VIEW current_annotation AS
SELECT * FROM given_annotation
QUALIFY row_number() OVER (
    PARTITION BY article_id, revision, target, statement_hash, annotator ORDER BY answered_at DESC, annotation_id DESC
) = 1;
COMMENT ON VIEW current_annotation IS
    'The answers of people that count: the latest answer of each person to each question. statement_hash is that of the '
    'present question, as in given_annotation.';

CREATE OR REPLACE VIEW gold_answer AS
WITH vote AS (
    SELECT article_id, revision, target, statement_hash, answer, count(*) AS people
    FROM current_annotation WHERE answer <> 'skip'
    GROUP BY ALL
), joint AS (
    SELECT
        article_id, revision, target, statement_hash,
        sum(people)::INTEGER AS annotators,
        CASE WHEN coalesce(list_sort(list(people), 'DESC')[2], 0) < max(people) THEN arg_max(answer, people) END AS answer
    FROM vote
    GROUP BY ALL
), draw AS (  -- of all answers: a person may answer a question once more that was drawn, for example in a file
    SELECT
        article_id, revision, target, statement_hash,
        arg_max(
            {'sampled_by': sampled_by, 'sample': sample, 'stratum': stratum, 'stratum_size': stratum_size,
                'sampling_weight': sampling_weight},
            (sampled_by = 'random', answered_at, annotation_id)
        ) AS drawn
    FROM given_annotation
    GROUP BY ALL
)
SELECT
    joint.*, article.month, article.outlet, article.published_at, article.title,
    drawn.sampled_by, drawn.sample, drawn.stratum, drawn.stratum_size, drawn.sampling_weight
FROM joint
JOIN draw USING (article_id, revision, target, statement_hash)
JOIN article USING (article_id, revision);
COMMENT ON VIEW gold_answer IS
    'The joint answer of people to each question: the most frequent answer, empty if two answers are equally frequent, '
    'and how the question was drawn. Skipped answers are left out.';
