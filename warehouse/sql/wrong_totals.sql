-- Which totals differ from the sums over the current stances?
WITH counted AS (
    SELECT
        target, outlet, month, about, stance,
        count(*) AS articles,
        count(p_favor) AS with_probability,
        coalesce(sum(p_favor::DECIMAL(9, 4)), 0) AS sum_p_favor,
        coalesce(sum(p_against::DECIMAL(9, 4)), 0) AS sum_p_against,
        coalesce(sum(p_neutral::DECIMAL(9, 4)), 0) AS sum_p_neutral,
        coalesce(sum(certainty(stance, p_favor, p_against, p_neutral)::DECIMAL(9, 4)), 0) AS sum_certainty
    FROM stance
    WHERE is_current
    GROUP BY ALL
)
(FROM counted EXCEPT FROM stance_total)
UNION ALL
(FROM stance_total EXCEPT FROM counted)
LIMIT 3
