-- An outcome is one of the known outcomes and has a reason.
SELECT url, outcome, reason FROM checked.outcome
WHERE trim(reason) = '' OR outcome NOT IN (
    'loaded', 'unchanged', 'revised', 'duplicate', 'not_commentary', 'unsupported_language', 'too_short',
    'low_quality', 'blocked_by_robots', 'refused', 'fetch_failed', 'postponed', 'too_large', 'unsupported_type',
    'extract_failed', 'rejected', 'taken_down', 'gone'
)
