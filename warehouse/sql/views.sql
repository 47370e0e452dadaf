-- What analysts find beside the tables. Replaced with every publish.

CREATE OR REPLACE VIEW run AS
SELECT
    commit_log.run_id,
    any_value(commit_log.flow) AS flow,
    min(commit_log.started_at) AS started_at,
    max(commit_log.committed_at) AS last_commit_at,
    max(commit_log.committed_at) FILTER (commit_log.kind = 'finish') AS finished_at,
    count(*) FILTER (commit_log.kind = 'append') AS batches,
    sum(commit_log.article_rows)::BIGINT AS article_rows,
    sum(commit_log.topic_rows)::BIGINT AS topic_rows,
    sum(commit_log.stance_rows)::BIGINT AS stance_rows,
    sum(commit_log.outcome_rows)::BIGINT AS outcome_rows,
    any_value(counted.outcomes) AS outcomes,
    arg_max(commit_log.note, commit_log.sequence) AS note
FROM commit_log
LEFT JOIN (
    SELECT run_id, map_from_entries(list({'k': outcome, 'v': n} ORDER BY outcome)) AS outcomes
    FROM (SELECT run_id, outcome, count(*) AS n FROM outcome GROUP BY ALL)
    GROUP BY run_id
) counted USING (run_id)
GROUP BY commit_log.run_id;
COMMENT ON VIEW run IS 'One row per run, from the commit log: when, how many batches and rows, counts by outcome.';
