-- Which targets do the same articles speak about, and do authors who favor one favor the other? Of the articles that
-- state a side on both (both_stated), same_side take the same one; their share has a 95 % interval, and it is empty for
-- fewer than 5. The pairs with most articles first.
-- Empty: no article speaks about two targets.
SELECT
    a.target,
    b.target AS with_target,
    count(*) AS articles,
    count(*) FILTER (a.stance = 'favor' AND b.stance = 'favor') AS both_favor,
    count(*) FILTER (a.stance = 'against' AND b.stance = 'against') AS both_against,
    count(*) FILTER (a.stance = 'favor' AND b.stance = 'against') AS favor_and_against,
    count(*) FILTER (a.stance = 'against' AND b.stance = 'favor') AS against_and_favor,
    both_favor + both_against AS same_side,
    same_side + favor_and_against + against_and_favor AS both_stated,
    share_of(same_side, both_stated) AS share_same,
    share_low(same_side, both_stated) AS same_low,
    share_high(same_side, both_stated) AS same_high
FROM current_stance a JOIN current_stance b USING (article_id, revision)
WHERE a.target < b.target
GROUP BY ALL ORDER BY articles DESC, a.target, with_target LIMIT 50
