-- What share of the articles takes each stance on each target, as the model gives it and as corrected by people's
-- answers about articles drawn by chance, each with its 95 % interval?
-- Empty: no article speaks about a target yet.
--
-- This is prediction-powered inference (Angelopoulos et al. 2023): the model's answers about all articles, plus its
-- mean error on the articles that people have answered, weighted as they were drawn. A share is a ratio of two such
-- sums (articles on one side, and articles that speak about the target). Its variance is that of the linearised
-- residuals within each stratum, plus that of the articles themselves; the interval is Wilson's at the number of
-- articles that would have this variance. Near 0 and 1, where few answers differ, it is that of a share moved a little
-- towards the middle, and at most the effective number of answers (Kish 1965). There is no corrected share for fewer than
-- 30 answers, or if people have answered fewer than 2 questions to which the model gives an answer that at least 1 in 20
-- articles has.
-- Answers to a former statement of the target, or about a former text of the article, do not count. If people are split
-- equally between several answers, each of these counts in part: between two, a half each.
-- For a part of the stored articles (for example one outlet), the answers about its articles count, each for as many
-- articles as it was drawn for. A sample that was drawn from some outlets only counts if these are all outlets in question.
WITH kind AS (
    SELECT target, answer, count(*) AS pieces FROM current_answer GROUP BY target, answer
), total AS (
    SELECT target, sum(pieces) AS pieces, coalesce(sum(pieces) FILTER (answer <> 'not_about'), 0) AS about
    FROM kind GROUP BY target
), asked_about AS (
    SELECT target AS asked_target, list(DISTINCT coalesce(outlet, '(unknown)')) AS outlets
    FROM current_answer GROUP BY target
), drawn AS (  -- predicted is empty for articles outside the part in question
    SELECT
        g.article_id, g.target, coalesce(g.sample, '') AS sample, g.stratum, g.stratum_size, c.answer AS predicted,
        g.most_frequent AS answers,
        regexp_extract(g.stratum, ' / among (.*)$', 1) AS among,  -- the outlets of the sample, if these were not all
        contains(string_split(substr(g.stratum, length(g.target) + 4), ' / among ')[1], ' / ') AS is_by_outlet
    FROM gold_draw g  -- one row for each sample for which a question was drawn
    SEMI JOIN (FROM stance WHERE is_current) present USING (article_id, revision, target, statement_hash)
    JOIN asked_about ON asked_target = g.target
    LEFT JOIN current_answer c USING (article_id, revision, target, statement_hash)
    WHERE g.sampled_by = 'random'
        AND (
            among = ''
            OR len([one FOR one IN asked_about.outlets IF NOT contains('; ' || among || '; ', '; ' || one || '; ')]) = 0
        )
), drawn_from AS (
    SELECT *, count(*) OVER (PARTITION BY target, sample) AS strata
    FROM (SELECT DISTINCT target, sample, stratum, stratum_size FROM drawn)
), pooled AS (
    -- Samples are one larger sample (called after the one with the most strata) if all strata that both have had the
    -- same sizes. After a change of the model or of the articles, a stratum of the same name holds other articles, and
    -- its answers do not stand for those of an earlier sample.
    SELECT target, sample, first(alike ORDER BY strata DESC, alike) AS pool
    FROM (
        SELECT own.target, own.sample, another.sample AS alike, any_value(another.strata) AS strata
        FROM drawn_from own JOIN drawn_from another USING (target, stratum)
        GROUP BY own.target, own.sample, another.sample
        HAVING own.sample = another.sample OR bool_and(own.stratum_size = another.stratum_size)
    )
    GROUP BY target, sample
), weighted AS (
    -- The answers to a stratum stand for all of it, whichever samples of the pool they were drawn for. Pools, and
    -- different ways to divide the questions into strata, count by their number of answers. A question that was drawn
    -- for several samples counts once in each pool, as if these were one sample. It counts in every pool for which it was
    -- drawn: each pool is about all articles, and without the question its sample would no longer be random. Samples are
    -- drawn independently of each other, so that the variances of pools are added although some questions are in both.
    SELECT
        *,
        count(*) OVER (PARTITION BY target, pool, stratum) AS answered,
        stratum_size::DOUBLE / answered
            * count(predicted) OVER (PARTITION BY target, pool, among, is_by_outlet)
            / count(predicted) OVER (PARTITION BY target) AS weight
    FROM (
        FROM drawn JOIN pooled USING (target, sample)
        QUALIFY row_number() OVER (PARTITION BY target, pool, stratum, article_id ORDER BY sample) = 1
    )
), enough AS (
    SELECT target, sum(found) AS labelled
    FROM (
        SELECT kind.target, kind.answer, any_value(kind.pieces) AS pieces, count(DISTINCT drawn.article_id) AS found
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
        asked.target, asked.stance, asked.pieces, asked.about, pool, stratum, stratum_size, weight, predicted,
        weight * sum(weight) OVER (PARTITION BY asked.target, asked.stance, article_id) AS weight_squared,
        1 - list_contains(answers, 'not_about')::INTEGER / len(answers) AS speaks,
        list_contains(answers, asked.stance)::INTEGER / len(answers) - (predicted = asked.stance)::INTEGER AS of_stance,
        speaks - (predicted <> 'not_about')::INTEGER AS of_about
    FROM weighted JOIN enough USING (target) JOIN asked USING (target)
), estimate AS (
    SELECT
        error.target, error.stance, any_value(error.pieces) AS all_pieces,
        sum(weight) FILTER (predicted IS NOT NULL) AS weights,
        any_value(coalesce(kind.pieces, 0)) + all_pieces * sum(weight * of_stance) / weights AS on_it,
        any_value(error.about) + all_pieces * sum(weight * of_about) / weights AS speaking,
        CASE WHEN on_it > 0 AND speaking > 0 THEN least(1, on_it / speaking) ELSE 0 END AS share,
        (sum(weight * of_stance) - share * sum(weight * of_about)) / weights AS mean_residual,
        coalesce(
            sum(weight) FILTER (predicted IS NOT NULL AND speaks > 0) ^ 2
                / sum(weight_squared) FILTER (predicted IS NOT NULL AND speaks > 0),
            1
        ) AS effective,
        (share * effective + 2) / (effective + 4) AS moved
    FROM error LEFT JOIN kind ON kind.target = error.target AND kind.answer = error.stance
    GROUP BY error.target, error.stance
), part AS (
    SELECT
        target, stance,
        -- At least the variance with one more, different answer: a stratum in which all agree is not free of error.
        greatest(
            CASE WHEN count(*) > 1 THEN count(*) * var_samp(residual) ELSE sum(residual * residual) END,
            any_value(weight) ^ 2 * count(predicted) * (count(predicted) + 1) / (count(predicted) + 2) ^ 2
        ) * greatest(0, 1 - count(*)::DOUBLE / (stratum_size * any_value(growth))) AS variance
    FROM (
        -- The answers stand for the articles of today, of which there may be more than when they were drawn.
        SELECT
            error.*, greatest(1, estimate.all_pieces / weights) AS growth,
            coalesce(weight * (of_stance - share * of_about - mean_residual), 0) AS residual
        FROM error JOIN estimate USING (target, stance)
    )
    GROUP BY target, stance, pool, stratum, stratum_size
), spread AS (
    SELECT target, stance, sum(variance) AS variance FROM part GROUP BY target, stance
), corrected AS (
    SELECT
        target, stance, share,
        (all_pieces / weights / speaking) ^ 2 * variance AS of_answers,
        greatest(
            share * (1 - share) / nullif(share * (1 - share) / speaking + of_answers, 0),
            least(effective, moved * (1 - moved) / (moved * (1 - moved) / speaking + of_answers))
        ) AS pieces_like,
        -- Wilson's interval, also for fewer than five pieces: 30 answers are enough for it, however wide it is.
        share * pieces_like + 1.920729 AS middle,
        1.959964 * sqrt(share * (1 - share) * pieces_like + 0.960365) AS half,
        round(greatest(0, (middle - half) / (pieces_like + 3.841459)), 4) AS corrected_low,
        round(least(1, (middle + half) / (pieces_like + 3.841459)), 4) AS corrected_high
    FROM estimate JOIN spread USING (target, stance)
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
    corrected.corrected_low,
    corrected.corrected_high,
    coalesce(enough.labelled, 0)::BIGINT AS labelled
FROM asked
LEFT JOIN kind ON kind.target = asked.target AND kind.answer = asked.stance
LEFT JOIN enough ON enough.target = asked.target
LEFT JOIN corrected ON corrected.target = asked.target AND corrected.stance = asked.stance
ORDER BY asked.target, list_position(['favor', 'against', 'neutral', 'unsure'], asked.stance)
