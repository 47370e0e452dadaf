-- How certain an answer is of what it states: for a side its probability, for neutral that of taking no side; for unsure
-- the larger probability of a side: how near the answer came to that side.
CREATE OR REPLACE MACRO certainty(stance, p_favor, p_against, p_neutral) AS
CASE stance
    WHEN 'favor' THEN p_favor
    WHEN 'against' THEN p_against
    WHEN 'neutral' THEN p_neutral
    ELSE greatest(p_favor, p_against)
END;
