-- Outputs for a wording are numbers, and wording 0 is the target's statement itself, which is not denied.
SELECT article_id, target, wording_number, wording, denied, favor, against, neutral, about FROM checked.wording_score
WHERE NOT isfinite(favor) OR NOT isfinite(against) OR NOT isfinite(neutral) OR NOT isfinite(about)
    OR wording_number < 0 OR (wording_number = 0 AND denied) OR trim(wording) = ''
