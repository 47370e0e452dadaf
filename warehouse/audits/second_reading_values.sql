-- A second reading has a known reason and a known outcome, and its counts agree with each other.
SELECT article_id, revision, why, targets, answered, outcome, reason FROM checked.second_reading
WHERE why NOT IN ('unsure', 'stated', 'all', 'random')
    OR outcome NOT IN ('answered', 'partly', 'refused', 'failed')
    OR len(targets) = 0 OR answered NOT BETWEEN 0 AND len(targets)
    OR (outcome = 'answered') <> (answered = len(targets))
    OR (outcome = 'partly') <> (answered > 0 AND answered < len(targets))
    OR (outcome <> 'answered') <> (reason IS NOT NULL)
    OR requests < 0 OR tokens_in < 0 OR tokens_out < 0 OR seconds < 0
