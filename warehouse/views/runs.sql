-- The runs of the flows.

CREATE OR REPLACE VIEW run AS
SELECT
    commit_log.run_id,
    any_value(commit_log.flow) AS flow,
    min(commit_log.started_at) AS started_at,
    max(commit_log.committed_at) AS last_commit_at,
    -- Whether a run has ended is seen from its last commit (warehouse/exporting/past.py has the same rule). A compaction
    -- or a takedown in a run of its own is complete by itself and records no end. A night also takes down what is listed
    -- again, but goes on after that, and it has ended only if its end is recorded.
    CASE
        WHEN arg_max(commit_log.kind, commit_log.sequence) = 'finish' OR (
            arg_max(commit_log.kind, commit_log.sequence) IN ('compaction', 'takedown')
            AND any_value(commit_log.flow) NOT IN ('nightly', 'rescore')
        )
            THEN max(commit_log.committed_at)
    END AS finished_at,
    count(*) FILTER (commit_log.kind = 'append') AS batches,
    sum(commit_log.article_rows)::BIGINT AS article_rows,
    sum(commit_log.topic_rows)::BIGINT AS topic_rows,
    sum(commit_log.stance_rows)::BIGINT AS stance_rows,
    sum(commit_log.outcome_rows)::BIGINT AS outcome_rows,
    any_value(counted.outcomes) AS outcomes,
    any_value(models.model_versions) AS model_versions,
    arg_max(commit_log.note, commit_log.sequence) AS note
FROM commit_log
LEFT JOIN (
    SELECT run_id, map_from_entries(list({'k': outcome, 'v': n} ORDER BY outcome)) AS outcomes
    FROM (SELECT run_id, outcome, count(*) AS n FROM outcome GROUP BY ALL)
    GROUP BY run_id
) counted USING (run_id)
LEFT JOIN (
    SELECT run_id, list(DISTINCT model_version ORDER BY model_version) AS model_versions
    FROM scored
    GROUP BY run_id
) models USING (run_id)
GROUP BY commit_log.run_id;
COMMENT ON VIEW run IS
    'One row per run, from the commit log: times, numbers of batches and rows, counts by outcome, and in note how it '
    'ended, with its warnings, each on a line that begins with "Attention: ".';

-- The nights, the last with nights_ago = 1, in the order of their commits, because clocks may be wrong. A run that took in
-- only what was named with --input is none of them, unless there was no other night. Runs before schema version 10 did not
-- record this; such a run counts as one of these if all its outcomes are of what was named.
CREATE OR REPLACE MACRO nights() AS TABLE
WITH known AS (
    SELECT run_id, max(sequence) AS sequence, any_value(is_of_inputs) AS recorded
    FROM commit_log WHERE flow = 'nightly' GROUP BY run_id
), inferred AS (
    -- tasks/named_inputs.py has the same names (NAMES_OF_INPUTS)
    SELECT run_id, bool_and(regexp_full_match(source, 'input(-[0-9]+)?')) AS is_of_inputs
    FROM outcome SEMI JOIN (SELECT run_id FROM known WHERE recorded IS NULL) USING (run_id)
    GROUP BY run_id
), told AS (
    SELECT run_id, sequence, coalesce(recorded, inferred.is_of_inputs, false) AS is_of_inputs
    FROM known LEFT JOIN inferred USING (run_id)
)
SELECT run_id, row_number() OVER (ORDER BY sequence DESC) AS nights_ago
FROM told
WHERE NOT is_of_inputs OR (SELECT bool_and(is_of_inputs) FROM told);
