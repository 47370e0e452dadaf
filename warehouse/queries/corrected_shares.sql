-- What share of the articles takes each stance on each target, as the model gives it and as corrected by people's
-- answers about articles drawn by chance, each with its 95 % interval?
-- Empty: no article speaks about a target yet.
--
-- This is prediction-powered inference (Angelopoulos et al. 2023): the model's answers about all articles, plus its
-- mean error on the articles that people have answered, weighted as they were drawn. A share is a ratio of two such
-- sums (articles on one side, and articles that speak about the target). Its variance is that of the linearised
-- residuals within each stratum, plus that of the articles themselves; the interval is Wilson's at the number of
-- articles that would have this variance. There is no corrected share for fewer than 30 answers, or if people have
-- answered fewer than 2 questions to which the model gives an answer that at least 1 in 20 articles has.
-- For a part of the stored articles (for example one outlet), the answers about its articles count, each for as many
-- articles as it was drawn for.
WITH kind AS (
    SELECT target, answer, count(*) AS pieces FROM current_answer GROUP BY target, answer
), total AS (
    SELECT target, sum(pieces) AS pieces, coalesce(sum(pieces) FILTER (answer <> 'not_about'), 0) AS about
    FROM kind GROUP BY target
), drawn AS (  -- predicted is empty for articles outside the part in question
    SELECT g.target, g.sample, g.stratum, g.stratum_size, g.answer, c.answer AS predicted
    FROM gold_answer g
    LEFT JOIN current_answer c USING (article_id, revision, target, statement_hash)
    WHERE g.sampled_by = 'random' AND g.answer IS NOT NULL
), weighted AS (  -- answered questions stand for their whole stratum; each sample counts by its number of answers
    SELECT
        *,
        count(*) OVER (PARTITION BY target, sample, stratum) AS answered,
        stratum_size::DOUBLE / answered
            * count(predicted) OVER (PARTITION BY target, sample) / count(predicted) OVER (PARTITION BY target) AS weight
    FROM drawn
), enough AS (
    SELECT target, sum(found) AS labelled
    FROM (
        SELECT kind.target, kind.answer, any_value(kind.pieces) AS pieces, count(drawn.target) AS found
        FROM kind LEFT JOIN drawn ON drawn.target = kind.target AND drawn.predicted = kind.answer
        GROUP BY kind.target, kind.answer
    ) one
    JOIN total USING (target)
    GROUP BY target
    HAVING sum(found) >= 30 AND bool_and(found >= 2 OR one.pieces < 0.05 * total.pieces)
), asked AS (
    SELECT target, pieces, about, unnest(['favor', 'against', 'neutral', 'unsure']) AS stance FROM total WHERE about > 0
), error AS (
    SELECT
        asked.target, asked.stance, asked.pieces, asked.about, sample, stratum, stratum_size, answered, weight, predicted,
        (answer = asked.stance)::INTEGER - (predicted = asked.stance)::INTEGER AS of_stance,
        (answer <> 'not_about')::INTEGER - (predicted <> 'not_about')::INTEGER AS of_about
    FROM weighted JOIN enough USING (target) JOIN asked USING (target)
), estimate AS (
    SELECT
        error.target, error.stance, any_value(error.pieces) AS all_pieces,
        sum(weight) FILTER (predicted IS NOT NULL) AS weights,
        any_value(coalesce(kind.pieces, 0)) + all_pieces * sum(weight * of_stance) / weights AS on_it,
        any_value(error.about) + all_pieces * sum(weight * of_about) / weights AS speaking,
        CASE WHEN on_it > 0 AND speaking > 0 THEN least(1, on_it / speaking) ELSE 0 END AS share,
        (sum(weight * of_stance) - share * sum(weight * of_about)) / weights AS mean_residual
    FROM error LEFT JOIN kind ON kind.target = error.target AND kind.answer = error.stance
    GROUP BY error.target, error.stance
), part AS (
    SELECT
        target, stance,
        -- At least the variance with one more, different answer: a stratum in which all agree is not free of error.
        greatest(
            CASE WHEN count(*) > 1 THEN count(*) * var_samp(residual) ELSE sum(residual * residual) END,
            any_value(weight) ^ 2 * count(predicted) * (count(predicted) + 1) / (count(predicted) + 2) ^ 2
        ) * (1 - count(*)::DOUBLE / stratum_size) AS variance
    FROM (
        SELECT error.*, coalesce(weight * (of_stance - share * of_about - mean_residual), 0) AS residual
        FROM error JOIN estimate USING (target, stance)
    )
    GROUP BY target, stance, sample, stratum, stratum_size
), spread AS (
    SELECT target, stance, sum(variance) AS variance FROM part GROUP BY target, stance
), corrected AS (
    SELECT
        target, stance, share,
        coalesce(
            share * (1 - share)
                / nullif(share * (1 - share) / speaking + (all_pieces / weights / speaking) ^ 2 * variance, 0),
            labelled
        ) AS pieces_like
    FROM estimate JOIN spread USING (target, stance) JOIN enough USING (target)
    WHERE speaking > 0 AND stance <> 'unsure'
)
SELECT
    asked.target,
    asked.stance,
    coalesce(kind.pieces, 0)::BIGINT AS articles,
    share_of(articles, asked.about) AS share,
    share_low(articles, asked.about) AS low,
    share_high(articles, asked.about) AS high,
    round(corrected.share, 4) AS corrected,
    share_low(corrected.share * pieces_like, pieces_like) AS corrected_low,
    share_high(corrected.share * pieces_like, pieces_like) AS corrected_high,
    coalesce(enough.labelled, 0)::BIGINT AS labelled
FROM asked
LEFT JOIN kind ON kind.target = asked.target AND kind.answer = asked.stance
LEFT JOIN enough ON enough.target = asked.target
LEFT JOIN corrected ON corrected.target = asked.target AND corrected.stance = asked.stance
ORDER BY asked.target, list_position(['favor', 'against', 'neutral', 'unsure'], asked.stance)
