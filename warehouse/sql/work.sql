-- Which items are to be taken in by run $run_id? Wanted minus done, so that a first run, a continued run, a retry and a
-- backfill use the same query. Failed items come again until $max_attempts, postponed ones always; known items
-- discovered after $recheck_since are fetched again to find changes. With $all_due, every item is due. Taken-down articles
-- never come back. The order of the commits decides which outcome is the last, and not clocks, because a clock that was
-- once ahead would stay the last for ever.
-- With $sources, only items that one of these sources lists or has listed: other machines, with other settings, take in
-- those of their own sources, and those of a source that was removed are left. $names_of_inputs is a regular expression;
-- sources with such names count too.
-- Items on a local disk (table at_hand, with a column url) are all listed: one that is not due has only_if_changed, and
-- is to be taken in only if its content is no longer that of the last visit. An item whose content is on a disk is among
-- the rows also if no source lists it any more; is_local and the etag tell it, and the night leaves it out.
-- ended_unread: the content was not read when the item had its last outcome. attempts: failures since the item last ended
-- otherwise, because a page that was read since is worth as many attempts as a new one. An outcome of the discover station
-- is not an attempt to read the item, and neither is a postponed one.
-- read_in_vain: the last reading of the item, whatever it was, gave no text that is known.
-- had_text: in some earlier run the item ended with a text that is known, whatever its later outcomes were.
WITH known_run AS (
    SELECT run_id, max(sequence) AS sequence, min(started_at) AS started_at FROM commit_log GROUP BY run_id
), ahead AS (  -- runs whose start time is in the future, and when the next run began
    SELECT known_run.run_id, coalesce(later.started_at, now()) AS discovered_at
    FROM known_run
    ASOF LEFT JOIN (FROM known_run WHERE started_at <= now()) later ON known_run.sequence < later.sequence
    WHERE known_run.started_at > now()
), ended AS (
    SELECT
        url,
        outcome,
        stage,
        run_id,
        coalesce(sequence, 0) AS sequence,
        outcome IN ('fetch_failed', 'extract_failed') AS is_failure,
        text_is_known(outcome) AS is_of_known_text
    FROM outcome LEFT JOIN known_run USING (run_id)
), otherwise AS (
    SELECT url, max(sequence) AS sequence FROM ended WHERE NOT is_failure AND outcome <> 'postponed' GROUP BY url
), past AS (
    SELECT
        url,
        arg_max(outcome, ended.sequence) AS last_outcome,
        arg_max(is_of_known_text, ended.sequence) FILTER (outcome NOT IN ('fetch_failed', 'postponed')) AS gave_text,
        bool_or(is_of_known_text) AS had_text,
        arg_max(is_of_known_text, ended.sequence) AS ended_with_text,
        count(*) FILTER (
            is_failure AND stage <> 'discover' AND ended.sequence > coalesce(otherwise.sequence, -1)
        ) AS attempts,
        arg_max(outcome <> 'unchanged' AND stage IN ('discover', 'fetch'), ended.sequence) AS ended_unread,
        bool_or(run_id = $run_id) AS in_this_run
    FROM ended LEFT JOIN otherwise USING (url)
    GROUP BY url
), visit_by_run AS (
    SELECT
        url,
        fetched_at,
        {'fetched_at': fetched_at, 'etag': etag, 'last_modified': last_modified, 'body_hash': body_hash} AS seen,
        coalesce(sequence, 0) AS sequence,
        coalesce(fetched_at >= started_at, false) AS own  -- otherwise the time is from an archive or a file
    FROM visit LEFT JOIN known_run USING (run_id)
), both_visits AS (
    SELECT
        url,
        arg_max(seen, sequence) FILTER (own) AS own,
        arg_max(seen, fetched_at) FILTER (NOT own) AS not_own
    FROM visit_by_run
    GROUP BY url
), last_visit AS (
    SELECT url, unnest(if(own IS NULL OR not_own.fetched_at > own.fetched_at, not_own, own)) FROM both_visits
), also_ours AS (
    SELECT url FROM also_listed
    WHERE list_contains($sources::VARCHAR[], source) OR regexp_full_match(source, $names_of_inputs::VARCHAR)
)
SELECT
    item.* EXCLUDE (run_id),
    past.last_outcome,
    coalesce(NOT past.gave_text, false) AS read_in_vain,
    coalesce(past.had_text, false) AS had_text,
    last_visit.fetched_at AS visited_at,
    last_visit.etag,
    last_visit.last_modified,
    last_visit.body_hash,
    article.revision,
    coalesce(past.ended_unread, false) AS ended_unread,
    NOT coalesce(
        $all_due
        OR past.url IS NULL
        OR past.last_outcome = 'postponed'
        OR (past.last_outcome IN ('fetch_failed', 'extract_failed') AND past.attempts < $max_attempts)
        OR (
            past.ended_with_text
            AND coalesce(ahead.discovered_at, item.discovered_at) >= $recheck_since
        ),
        false
    ) AS only_if_changed
FROM item
LEFT JOIN ahead ON ahead.run_id = item.run_id
LEFT JOIN past USING (url)
LEFT JOIN last_visit USING (url)
LEFT JOIN article ON article.article_id = item.article_id AND article.is_current
WHERE NOT coalesce(past.in_this_run, false)
    AND item.article_id NOT IN (SELECT article_id FROM tombstone)
    AND item.url NOT IN (SELECT url FROM tombstone WHERE url IS NOT NULL)
    AND (
        $sources::VARCHAR[] IS NULL
        OR list_contains($sources::VARCHAR[], item.source)
        OR regexp_full_match(item.source, $names_of_inputs::VARCHAR)
        OR item.url IN (SELECT url FROM also_ours)
    )
    AND (NOT only_if_changed OR item.url IN (SELECT url FROM at_hand))
ORDER BY item.discovered_at, item.url
