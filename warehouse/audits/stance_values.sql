-- A stance has one of four values. Its probabilities sum to the probability that the article speaks about the target
-- (for models without a weights_version: to 1). If the article does not speak about the target, the stance is neutral.
-- Answers of a second model have no probabilities.
SELECT article_id, target, stance, p_favor, p_against, p_neutral, relevance, about FROM checked.stance
WHERE stance NOT IN ('favor', 'against', 'neutral', 'unsure')
    OR p_favor NOT BETWEEN 0 AND 1 OR p_against NOT BETWEEN 0 AND 1 OR p_neutral NOT BETWEEN 0 AND 1
    OR relevance NOT BETWEEN 0 AND 1
    OR isnan(p_favor + p_against + p_neutral + relevance)
    OR (p_favor IS NULL) <> (p_against IS NULL) OR (p_favor IS NULL) <> (p_neutral IS NULL)
    OR (p_favor IS NULL) <> (relevance IS NULL)
    OR (p_favor IS NULL) <> (
        model_version IN (
            SELECT model_version FROM model WHERE asked_with IS NOT NULL
            UNION ALL SELECT model_version FROM checked.model WHERE asked_with IS NOT NULL
        )
    )
    OR (NOT about AND stance <> 'neutral')
    OR (
        abs(p_favor::DOUBLE + p_against + p_neutral - relevance) > 0.001
        AND (
            abs(p_favor::DOUBLE + p_against + p_neutral - 1) > 0.001
            OR model_version NOT IN (
                SELECT model_version FROM model WHERE weights_version IS NULL
                UNION ALL SELECT model_version FROM checked.model WHERE weights_version IS NULL
            )
        )
    )
