-- Which answers did the model that counts give to the questions that people have answered, and how was each question
-- drawn? A question that was drawn for several random samples has a row for each of them. answer is empty if people are
-- split equally. is_shown is true if the first sentence of the model's evidence is one that a person named; it is empty
-- if nobody named a sentence. frame_size is the number of questions about the target that could be asked now, of the
-- outlets from which its samples were drawn: there may be more than on the day of the draw.
WITH first_sentence AS (
    SELECT
        article_id, revision, target, statement_hash, model_version,
        -- a second model's evidence has no scores: its first sentence is the one that comes first in the text
        first(start ORDER BY evidence_order(score, quoted) DESC NULLS LAST, start, "end") AS began,
        first("end" ORDER BY evidence_order(score, quoted) DESC NULLS LAST, start, "end") AS ended
    FROM evidence WHERE is_current
    GROUP BY ALL
), named AS (
    SELECT a.article_id, a.revision, a.target, a.statement_hash, a.answer, unnest(list_zip(a.sentence_start, a.sentence_end)) AS place
    FROM current_annotation a
), shown AS (
    SELECT article_id, revision, target, statement_hash, answer, bool_or(began < place[2] AND ended > place[1]) AS is_shown
    FROM named JOIN first_sentence USING (article_id, revision, target, statement_hash)
    GROUP BY ALL
), answered AS (
    SELECT
        g.*, c.answer AS predicted, greatest(c.p_favor, c.p_against) AS p_side,
        regexp_extract(g.stratum, ' / among (.*)$', 1) AS among  -- the outlets of the sample, if these were not all
    FROM gold_draw g
    JOIN current_answer c USING (article_id, revision, target, statement_hash)
), drawn_from AS (
    SELECT target, bool_or(among = '') AS is_of_all, '; ' || string_agg(DISTINCT among, '; ') || '; ' AS outlets
    FROM answered WHERE stratum IS NOT NULL
    GROUP BY target
), frame AS (
    SELECT target, count(*) AS frame_size
    FROM current_answer c JOIN drawn_from USING (target)
    WHERE is_of_all OR contains(outlets, '; ' || coalesce(c.outlet, '(unknown)') || '; ')
    GROUP BY target
)
SELECT
    g.article_id, g.target, coalesce(g.outlet, '(unknown)') AS outlet, g.month, g.answer, g.predicted, g.p_side,
    g.sampled_by, g.sample, g.stratum, g.stratum_size, g.sampling_weight, frame.frame_size, shown.is_shown
FROM answered g
LEFT JOIN frame USING (target)
LEFT JOIN shown
    ON shown.article_id = g.article_id AND shown.revision = g.revision AND shown.target = g.target
    AND shown.statement_hash = g.statement_hash AND shown.answer = g.answer
ORDER BY g.target, g.article_id, g.sample
