-- A stance is one of three, its probabilities are probabilities and sum to 1, and nothing said means neutral.
SELECT article_id, target, stance, p_favor, p_against, p_neutral, relevance, about FROM checked.stance
WHERE stance NOT IN ('favor', 'against', 'neutral')
    OR p_favor NOT BETWEEN 0 AND 1 OR p_against NOT BETWEEN 0 AND 1 OR p_neutral NOT BETWEEN 0 AND 1
    OR abs(p_favor::DOUBLE + p_against + p_neutral - 1) > 0.001
    OR relevance NOT BETWEEN 0 AND 1
    OR (NOT about AND stance <> 'neutral')
    OR isnan(p_favor + p_against + p_neutral + relevance)
