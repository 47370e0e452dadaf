-- Which targets were asked, in which wordings, from when on, and how many answers are there? A wording has several rows
-- if its target was retired and asked again, or if only the order of its other wordings or aliases was changed; its
-- answers are counted once.
WITH wording AS (
    SELECT
        target, statement_hash,
        arg_max(statement, asked_from) AS statement,
        arg_max_null(also, asked_from) AS also,
        arg_max_null(denied, asked_from) AS denied,
        arg_max_null(aliases, asked_from) AS aliases,
        min(asked_from) AS asked_from,
        bool_or(is_current) AS is_current
    FROM target
    GROUP BY target, statement_hash
), answered AS (
    SELECT
        target, statement_hash,
        count(*) AS answers,
        count(*) FILTER (is_current) AS count_now,
        count(*) FILTER (is_current AND about) AS about_now
    FROM stance
    GROUP BY target, statement_hash
)
SELECT
    target, statement, also, denied, aliases, statement_hash, asked_from, is_current,
    coalesce(answers, 0) AS answers, coalesce(count_now, 0) AS count_now, coalesce(about_now, 0) AS about_now
FROM wording LEFT JOIN answered USING (target, statement_hash)
ORDER BY target, asked_from
