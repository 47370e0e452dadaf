-- The certainty of an answer: of a side its probability; of neutral that of taking no side; of unsure the larger
-- probability of the two sides, which says how near the answer is to one.
CREATE OR REPLACE MACRO certainty(stance, p_favor, p_against, p_neutral) AS
CASE stance
    WHEN 'favor' THEN p_favor
    WHEN 'against' THEN p_against
    WHEN 'neutral' THEN p_neutral
    ELSE greatest(p_favor, p_against)
END;
