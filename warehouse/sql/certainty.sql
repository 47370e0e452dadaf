-- The certainty of an answer: for a side, the probability of that side; for neutral, that of taking no side; for
-- unsure, the larger of the probabilities of the two sides, which shows how near the answer is to a side.
CREATE OR REPLACE MACRO certainty(stance, p_favor, p_against, p_neutral) AS
CASE stance
    WHEN 'favor' THEN p_favor
    WHEN 'against' THEN p_against
    WHEN 'neutral' THEN p_neutral
    ELSE greatest(p_favor, p_against)
END;
