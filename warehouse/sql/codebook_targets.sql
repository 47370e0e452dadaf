-- Which targets were asked, in which wordings, from when on, and how many answers are there?
SELECT target.target, target.statement, target.also, target.denied, target.aliases, target.statement_hash, target.asked_from,
    target.is_current, count(stance.article_id) AS answers, count(*) FILTER (stance.is_current AND stance.about) AS count_now
FROM target LEFT JOIN stance USING (target, statement_hash)
GROUP BY ALL
ORDER BY target.target, target.asked_from
