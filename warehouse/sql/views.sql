-- The views and macros that analysts use beside the tables. They are replaced with every publish. Do not use if(...)
-- here: clients older than DuckDB 2 do not find it in a view that a newer DuckDB has stored.

-- A share and the ends of its 95 % interval by Wilson's score (1927), which is also valid for few articles and near 0
-- and 1. For fewer than 5 articles the result is empty, because so few cannot support a share.
CREATE OR REPLACE MACRO share_of(part, whole) AS
CASE WHEN whole >= 5 THEN round(part::DOUBLE / whole, 4) END;

CREATE OR REPLACE MACRO share_low(part, whole) AS
CASE WHEN whole >= 5 THEN round(greatest(0, (
    part + 1.920729 - 1.959964 * sqrt(part::DOUBLE * (whole - part) / whole + 0.960365)
) / (whole + 3.841459)), 4) END;

CREATE OR REPLACE MACRO share_high(part, whole) AS
CASE WHEN whole >= 5 THEN round(least(1, (
    part + 1.920729 + 1.959964 * sqrt(part::DOUBLE * (whole - part) / whole + 0.960365)
) / (whole + 3.841459)), 4) END;

-- The balance of the stated sides: 1 is all in favor, -1 all against. If fewer than 5 articles state a side, the result
-- is empty, because so few cannot support a balance.
CREATE OR REPLACE MACRO balance_of(favor, against) AS
CASE WHEN favor + against >= 5 THEN round((favor - against)::DOUBLE / (favor + against), 4) END;

CREATE OR REPLACE VIEW run AS
SELECT
    commit_log.run_id,
    any_value(commit_log.flow) AS flow,
    min(commit_log.started_at) AS started_at,
    max(commit_log.committed_at) AS last_commit_at,
    coalesce(
        max(commit_log.committed_at) FILTER (commit_log.kind = 'finish'),
        -- A compaction or a takedown in a run of its own is complete by itself and records no end. A night also takes
        -- down what is listed again, but goes on after that, and it has ended only if its end is recorded.
        CASE
            WHEN any_value(commit_log.flow) NOT IN ('nightly', 'rescore')
                AND arg_max(commit_log.kind, commit_log.sequence) IN ('compaction', 'takedown')
                THEN max(commit_log.committed_at)
        END
    ) AS finished_at,
    count(*) FILTER (commit_log.kind = 'append') AS batches,
    sum(commit_log.article_rows)::BIGINT AS article_rows,
    sum(commit_log.topic_rows)::BIGINT AS topic_rows,
    sum(commit_log.stance_rows)::BIGINT AS stance_rows,
    sum(commit_log.outcome_rows)::BIGINT AS outcome_rows,
    any_value(counted.outcomes) AS outcomes,
    any_value(models.model_versions) AS model_versions,
    arg_max(commit_log.note, commit_log.sequence) AS note
FROM commit_log
LEFT JOIN (
    SELECT run_id, map_from_entries(list({'k': outcome, 'v': n} ORDER BY outcome)) AS outcomes
    FROM (SELECT run_id, outcome, count(*) AS n FROM outcome GROUP BY ALL)
    GROUP BY run_id
) counted USING (run_id)
LEFT JOIN (
    SELECT run_id, list(DISTINCT model_version ORDER BY model_version) AS model_versions
    FROM scored
    GROUP BY run_id
) models USING (run_id)
GROUP BY commit_log.run_id;
COMMENT ON VIEW run IS 'One row per run, from the commit log: times, numbers of batches and rows, counts by outcome.';

CREATE OR REPLACE VIEW current_stance AS
SELECT
    stance.* EXCLUDE (is_current),
    target.statement,
    certainty(stance.stance, stance.p_favor, stance.p_against, stance.p_neutral) AS certainty
FROM stance
JOIN target USING (target, statement_hash)
WHERE stance.is_current AND stance.about AND target.is_current;
COMMENT ON VIEW current_stance IS
    'The stances that count now, of articles that speak about the target, with the statement and their certainty.';

CREATE OR REPLACE VIEW main_topic AS
SELECT topic.* EXCLUDE (is_current, rank) FROM topic WHERE is_current AND rank = 1;
COMMENT ON VIEW main_topic IS 'The main topic of every article, as of now.';

CREATE OR REPLACE VIEW coverage AS
WITH copies AS (
    SELECT stance.target, count(*) AS n
    FROM duplicate JOIN stance ON stance.article_id = duplicate.duplicate_of
    WHERE stance.is_current AND stance.about
    GROUP BY stance.target
)
SELECT
    target,
    sum(articles)::BIGINT AS articles_asked,
    coalesce(sum(articles) FILTER (about), 0)::BIGINT AS articles_about,
    share_of(coalesce(sum(articles) FILTER (about), 0), sum(articles)) AS share_about,
    (coalesce(sum(articles) FILTER (about), 0) + coalesce(any_value(copies.n), 0))::BIGINT AS articles_about_with_copies,
    count(DISTINCT outlet) FILTER (about) AS outlets_about
FROM stance_total LEFT JOIN copies USING (target)
GROUP BY target;
COMMENT ON VIEW coverage IS
    'How many articles speak about each target, each counted once, or with its syndicated copies. share_about is '
    'empty if fewer than 5 articles were asked.';

CREATE OR REPLACE VIEW outlet_balance AS
SELECT *, balance_of(favor, against) AS balance, articles < 5 AS few
FROM (
    SELECT
        target,
        coalesce(outlet, '(unknown)') AS outlet,
        sum(articles)::BIGINT AS articles,
        coalesce(sum(articles) FILTER (stance = 'favor'), 0)::BIGINT AS favor,
        coalesce(sum(articles) FILTER (stance = 'against'), 0)::BIGINT AS against,
        coalesce(sum(articles) FILTER (stance = 'neutral'), 0)::BIGINT AS neutral,
        coalesce(sum(articles) FILTER (stance = 'unsure'), 0)::BIGINT AS unsure,
        round(
            (sum(sum_p_favor) - sum(sum_p_against)) / nullif(sum(coalesce(with_probability, articles)), 0), 4
        ) AS lean
    FROM stance_total
    WHERE about
    GROUP BY ALL
);
COMMENT ON VIEW outlet_balance IS
    'The stances of every outlet on every target: counts, balance of the stated sides (1 all in favor, -1 all against, '
    'empty if fewer than 5 articles state a side), mean lean of all articles that have probabilities, and whether there '
    'are few articles (fewer than 5).';

CREATE OR REPLACE VIEW duplicates_by_outlet AS
SELECT
    coalesce(outlet, '(unknown)') AS outlet,
    coalesce(outlet_of_original, '(unknown)') AS outlet_of_original,
    count(*) AS copies,
    round(avg(similarity), 4) AS mean_similarity
FROM duplicate
GROUP BY ALL;
COMMENT ON VIEW duplicates_by_outlet IS 'Numbers of copies, by outlet of the copy and outlet of the original.';

-- How many articles are for, against, neutral or unsure on a target, with their shares. The shares are empty if fewer
-- than 5 articles speak about the target.
CREATE OR REPLACE MACRO stance_share(wanted) AS TABLE
SELECT
    stance,
    sum(t.articles)::BIGINT AS articles,
    share_of(sum(t.articles), sum(sum(t.articles)) OVER ()) AS share,
    round(sum(t.sum_certainty) / nullif(sum(coalesce(t.with_probability, t.articles)), 0), 4) AS mean_certainty
FROM stance_total t
WHERE target = wanted AND about
GROUP BY stance
ORDER BY sum(t.articles) DESC, stance;

-- The stances on a target by outlet, with the balance of the stated sides: 1 is all in favor, -1 all against. It is
-- empty if fewer than 5 articles state a side; few means that fewer than 5 articles speak about the target.
CREATE OR REPLACE MACRO stance_by_outlet(wanted) AS TABLE
SELECT * EXCLUDE (target) FROM outlet_balance WHERE target = wanted ORDER BY articles DESC, outlet;

-- The stances on a target by month of publication, with the balance of the stated sides, which is empty if fewer than 5
-- articles state a side; few means that fewer than 5 articles speak about the target. Articles without a date are left
-- out.
CREATE OR REPLACE MACRO stance_over_time(wanted) AS TABLE
SELECT *, balance_of(favor, against) AS balance, articles < 5 AS few
FROM (
    SELECT
        month,
        count(*) AS articles,
        count(*) FILTER (s.stance = 'favor') AS favor,
        count(*) FILTER (s.stance = 'against') AS against,
        count(*) FILTER (s.stance = 'neutral') AS neutral,
        count(*) FILTER (s.stance = 'unsure') AS unsure
    FROM current_stance s
    WHERE target = wanted AND published_at IS NOT NULL
    GROUP BY month
)
ORDER BY month;

-- How many articles have each main topic, with its share; the shares are empty if fewer than 5 articles have a topic.
CREATE OR REPLACE MACRO topic_share(of_taxonomy := 'cap') AS TABLE
SELECT topic, label, count(*) AS articles, share_of(count(*), sum(count(*)) OVER ()) AS share
FROM topic
WHERE taxonomy = of_taxonomy AND is_current AND rank = 1
GROUP BY topic, label
ORDER BY articles DESC, topic;

-- The articles with the highest probability on each stated side of a target.
CREATE OR REPLACE MACRO both_sides(wanted, each_side := 5) AS TABLE
FROM (
    SELECT stance, p_favor AS probability, outlet, published_at, title, article_id FROM stance
    WHERE target = wanted AND is_current AND about AND stance = 'favor'
    ORDER BY p_favor DESC, article_id LIMIT each_side
)
UNION ALL
FROM (
    SELECT stance, p_against, outlet, published_at, title, article_id FROM stance
    WHERE target = wanted AND is_current AND about AND stance = 'against'
    ORDER BY p_against DESC, article_id LIMIT each_side
)
ORDER BY stance DESC, probability DESC, article_id;

-- Changes of an author or outlet from one stated side of a target to the other, with the articles before and after.
-- Articles without a date are left out, because it is not known which came first.
CREATE OR REPLACE MACRO changed_mind(wanted) AS TABLE
WITH voice AS (
    SELECT 'outlet' AS voice, s.outlet AS name, s.* FROM stance s
    WHERE s.target = wanted AND s.is_current AND s.stance IN ('favor', 'against') AND s.outlet IS NOT NULL
        AND s.published_at IS NOT NULL
    UNION ALL
    SELECT 'author', unnest(a.authors), s.* FROM stance s JOIN article a USING (article_id, revision)
    WHERE s.target = wanted AND s.is_current AND s.stance IN ('favor', 'against') AND s.published_at IS NOT NULL
), following AS (
    SELECT
        voice,
        name,
        lag(stance) OVER earlier AS stance_before,
        stance AS stance_after,
        lag(published_at) OVER earlier AS published_before,
        published_at AS published_after,
        lag(title) OVER earlier AS title_before,
        title AS title_after
    FROM voice
    WINDOW earlier AS (PARTITION BY voice, name ORDER BY published_at, article_id)
)
SELECT * FROM following
WHERE stance_before <> stance_after
ORDER BY voice, name, published_after;

-- Questions about current texts and about targets that are asked now, in their present wording, to which two models give
-- different answers, largest distance first; the distance is empty if one of them is a second model.
CREATE OR REPLACE MACRO model_diff(model_a, model_b) AS TABLE
SELECT
    a.target,
    a.stance AS stance_a,
    b.stance AS stance_b,
    a.about AS about_a,
    b.about AS about_b,
    round(abs(a.p_favor - b.p_favor) + abs(a.p_against - b.p_against) + abs(a.p_neutral - b.p_neutral), 4) AS distance,
    a.outlet,
    a.title,
    a.article_id
FROM stance a
JOIN stance b USING (article_id, revision, target, statement_hash)
JOIN article ON article.article_id = a.article_id AND article.revision = a.revision AND article.is_current
JOIN target ON target.target = a.target AND target.statement_hash = a.statement_hash AND target.is_current
WHERE a.model_version = model_a AND b.model_version = model_b AND (a.stance <> b.stance OR a.about <> b.about)
ORDER BY distance DESC, a.article_id, a.target;

-- A question that was answered before an article was chosen at random is not asked again, so its reading gives another
-- reason; an article of which all questions were answered before has no reading with the reason random. Such answers are
-- as representative as those that the run asked for, if they are to questions that the run asked of all articles chosen
-- at random, and about articles that it reached. Articles are chosen by the end of their ids and asked latest first, so
-- the articles that a run certainly reached are known from those that it asked about.
CREATE OR REPLACE VIEW second_answer AS
WITH chosen AS (
    SELECT
        r.run_id,
        r.asked_with,
        max(r.asked_at) AS asked_at,
        max(right(r.article_id, 8)) AS id_to,
        min(a.fetched_at) AS fetched_from,
        min(coalesce(a.published_at, a.fetched_at)) AS published_from
    FROM second_reading r JOIN article a USING (article_id, revision)
    WHERE r.why = 'random'
    GROUP BY r.run_id, r.asked_with
), asked_of_all AS (
    SELECT DISTINCT r.run_id, r.asked_with, s.target, s.statement_hash
    FROM second_reading r JOIN stance s USING (article_id, revision, model_version, run_id)
    WHERE r.why = 'random'
), answered_before AS (
    SELECT DISTINCT s.article_id, s.revision, s.target, s.statement_hash, s.model_version, true AS counts
    FROM stance s
    JOIN second_reading r USING (article_id, revision, model_version, run_id)
    JOIN article a USING (article_id, revision)
    JOIN asked_of_all q
        ON q.asked_with = r.asked_with AND q.target = s.target AND q.statement_hash = s.statement_hash
    JOIN chosen c ON c.run_id = q.run_id AND c.asked_with = q.asked_with
    WHERE r.why <> 'random' AND a.is_current
        AND r.run_id <> c.run_id AND r.asked_at <= c.asked_at
        AND right(s.article_id, 8) <= c.id_to
        AND a.fetched_at >= c.fetched_from AND coalesce(a.published_at, a.fetched_at) >= c.published_from
)
SELECT
    s.target,
    first_answer.stance AS first_stance,
    first_answer.about AS first_about,
    first_answer.certainty AS first_certainty,
    s.stance AS second_stance,
    s.about AS second_about,
    r.why,
    s.outlet,
    s.published_at,
    s.title,
    s.article_id,
    s.revision,
    s.statement_hash,
    first_answer.model_version AS first_model_version,
    s.model_version AS second_model_version,
    r.why = 'random' OR coalesce(answered_before.counts, false) AS by_chance
FROM stance s
JOIN second_reading r USING (article_id, revision, model_version, run_id)
LEFT JOIN answered_before USING (article_id, revision, target, statement_hash, model_version)
JOIN (
    SELECT f.*, certainty(f.stance, f.p_favor, f.p_against, f.p_neutral) AS certainty, m.rank
    FROM stance f JOIN model m ON m.model_version = f.model_version AND m.asked_with IS NULL
    QUALIFY row_number() OVER (
        PARTITION BY article_id, revision, target, statement_hash ORDER BY m.rank DESC, m.model_version DESC
    ) = 1
) first_answer USING (article_id, revision, target, statement_hash);
COMMENT ON VIEW second_answer IS
    'Every answer of a second model, that of the best-ranked first model to the same question, and why it was asked. '
    'by_chance: the article was chosen at random to be asked about every target; why gives another reason if the question '
    'had been answered before that.';

CREATE OR REPLACE VIEW second_confusion AS
SELECT
    target,
    CASE WHEN first_about THEN first_stance ELSE 'not about' END AS first_answer,
    CASE WHEN second_about THEN second_stance ELSE 'not about' END AS second_answer,
    count(*) AS articles
FROM (  -- one answer for each article and target that is asked now: after a revision or a rewording it is asked again
    SELECT s.*
    FROM second_answer s
    JOIN article ON article.article_id = s.article_id AND article.revision = s.revision
    JOIN target ON target.target = s.target AND target.statement_hash = s.statement_hash
    JOIN model ON model.model_version = s.second_model_version
    WHERE s.by_chance AND article.is_current AND target.is_current
    QUALIFY row_number() OVER (
        PARTITION BY s.article_id, s.target ORDER BY model.rank DESC, s.second_model_version DESC
    ) = 1
)
GROUP BY ALL;
COMMENT ON VIEW second_confusion IS
    'How often each pair of answers of the first and the second model occurs, by target, over the articles that were '
    'chosen at random, and only for targets that are asked now. Each article counts once, with its current text, the '
    'present wording and the best-ranked second model that has answered. The counts are therefore representative of all '
    'articles.';

CREATE OR REPLACE VIEW second_agreement AS
SELECT *, share_of(same, articles) AS share_same, share_of(same_side, both_on_a_side) AS share_same_side
FROM (
    SELECT
        target,
        sum(articles)::BIGINT AS articles,
        coalesce(sum(articles) FILTER (first_answer = second_answer), 0)::BIGINT AS same,
        coalesce(sum(articles) FILTER (
            first_answer IN ('favor', 'against') AND second_answer IN ('favor', 'against')
        ), 0)::BIGINT AS both_on_a_side,
        coalesce(sum(articles) FILTER (
            first_answer IN ('favor', 'against') AND second_answer = first_answer
        ), 0)::BIGINT AS same_side
    FROM second_confusion
    GROUP BY target
);
COMMENT ON VIEW second_agreement IS
    'How often the second model gives the same answer as the first, by target, over the articles chosen at random, and '
    'only for targets that are asked now. A share is empty if it would be of fewer than 5 articles.';

-- How far a wording leans to a side of its target, from 1 (for) to -1 (against): favor minus against, after a softmax
-- of the outputs. The sign is reversed if the wording is denied.
CREATE OR REPLACE MACRO lean(favor, against, neutral, denied) AS
CASE WHEN denied THEN -1 ELSE 1 END * (
    1 / (1 + exp(against::DOUBLE - favor) + exp(neutral::DOUBLE - favor))
    - 1 / (1 + exp(favor::DOUBLE - against) + exp(neutral::DOUBLE - against))
);

CREATE OR REPLACE VIEW wording_lean AS
SELECT
    s.target,
    w.wording_number,
    w.wording,
    w.denied,
    round(lean(w.favor, w.against, w.neutral, w.denied), 4) AS lean,
    s.stance,
    s.certainty,
    s.outlet,
    s.published_at,
    s.title,
    s.article_id
FROM current_stance s
JOIN model USING (model_version)
JOIN wording_score w USING (article_id, revision, month, target, statement_hash, weights_version);
COMMENT ON VIEW wording_lean IS
    'How far each wording of a target leans to a side in each article that speaks about it; see the macro lean.';

-- The articles on which the wordings of a target lean to different sides, largest distance first.
CREATE OR REPLACE MACRO wording_diff(wanted) AS TABLE
SELECT
    round(max(lean) - min(lean), 4) AS distance,
    list({'wording': wording, 'denied': denied, 'lean': lean} ORDER BY wording_number) AS leans,
    any_value(stance) AS stance,
    any_value(certainty) AS certainty,
    any_value(outlet) AS outlet,
    any_value(published_at) AS published_at,
    any_value(title) AS title,
    article_id
FROM wording_lean
WHERE target = wanted
GROUP BY article_id
HAVING max(lean) > 0 AND min(lean) < 0
ORDER BY distance DESC, article_id;

-- On how many articles all wordings of a target lean to one side, among the articles that speak about the target and
-- were asked several of its wordings.
CREATE OR REPLACE MACRO wording_agreement() AS TABLE
SELECT
    target,
    max(wordings) AS wordings,
    count(*) AS articles,
    count(*) FILTER (one_side) AS articles_on_one_side,
    round(count(*) FILTER (one_side) / count(*), 4) AS share,
    count(*) < 5 AS few
FROM (
    SELECT target, article_id, count(*) AS wordings, min(lean) >= 0 OR max(lean) <= 0 AS one_side
    FROM wording_lean
    GROUP BY target, article_id
    HAVING count(*) > 1
)
GROUP BY target
ORDER BY share, target;

-- The order in which answers should be checked, smallest value first: unsure answers, those nearest to a side first;
-- then the other answers, the least certain first.
CREATE OR REPLACE MACRO check_order(stance, certainty) AS
CASE stance WHEN 'unsure' THEN -certainty ELSE certainty END;

-- The answers on a target to check first: unsure answers, those nearest to a side first, then the least certain others.
CREATE OR REPLACE MACRO least_certain(wanted, how_many := 20) AS TABLE
SELECT round(certainty, 4) AS certainty, stance, outlet, published_at, title, article_id
FROM current_stance s
WHERE target = wanted
ORDER BY check_order(s.stance, s.certainty), article_id
LIMIT how_many;

CREATE OR REPLACE VIEW current_answer AS
SELECT stance.* EXCLUDE (is_current), CASE WHEN about THEN stance ELSE 'not_about' END AS answer
FROM stance
WHERE is_current;
COMMENT ON VIEW current_answer IS
    'The answers that count now, also for articles that do not speak about the target; their answer is not_about.';

-- People see the statement of a target and not its aliases. If the wording that they were asked differs from the present
-- one in nothing but aliases, their answers are answers to the present one.
CREATE OR REPLACE VIEW current_annotation AS
WITH other_aliases AS (
    SELECT DISTINCT earlier.target, earlier.statement_hash, present.statement_hash AS present_hash
    FROM target earlier
    JOIN target present
        ON present.is_current AND present.target = earlier.target AND present.statement = earlier.statement
        AND present.also IS NOT DISTINCT FROM earlier.also AND present.denied IS NOT DISTINCT FROM earlier.denied
), given AS (
    SELECT annotation.* REPLACE (coalesce(other_aliases.present_hash, annotation.statement_hash) AS statement_hash)
    FROM annotation
    LEFT JOIN other_aliases
        ON other_aliases.target = annotation.target AND other_aliases.statement_hash = annotation.statement_hash
)
SELECT * FROM given
QUALIFY row_number() OVER (
    PARTITION BY article_id, revision, target, statement_hash, annotator ORDER BY answered_at DESC, annotation_id DESC
) = 1;
COMMENT ON VIEW current_annotation IS
    'The answers of people that count: the latest answer of each person to each question. statement_hash is that of the '
    'present question, also if the target has got other aliases since.';

CREATE OR REPLACE VIEW gold_answer AS
WITH vote AS (
    SELECT article_id, revision, target, statement_hash, answer, count(*) AS people
    FROM current_annotation WHERE answer <> 'skip'
    GROUP BY ALL
), verdict AS (
    SELECT
        article_id, revision, target, statement_hash,
        sum(people)::INTEGER AS annotators,
        CASE WHEN coalesce(list_sort(list(people), 'DESC')[2], 0) < max(people) THEN arg_max(answer, people) END AS answer
    FROM vote
    GROUP BY ALL
), draw AS (
    SELECT
        article_id, revision, target, statement_hash,
        arg_max(
            {'sampled_by': sampled_by, 'sample': sample, 'stratum': stratum, 'stratum_size': stratum_size,
                'sampling_weight': sampling_weight},
            (sampled_by = 'random', answered_at, annotation_id)
        ) AS drawn
    FROM current_annotation
    GROUP BY ALL
)
SELECT
    verdict.*, article.month, article.outlet, article.published_at, article.title,
    drawn.sampled_by, drawn.sample, drawn.stratum, drawn.stratum_size, drawn.sampling_weight
FROM verdict
JOIN draw USING (article_id, revision, target, statement_hash)
JOIN article USING (article_id, revision);
COMMENT ON VIEW gold_answer IS
    'The joint answer of people to each question: the most frequent answer, empty if two answers are equally frequent, '
    'and how the question was drawn. Skipped answers are left out.';

CREATE OR REPLACE VIEW panel AS
WITH dated AS (  -- times in UTC: those with a zone would be cut into days and months of the reader's zone
    SELECT outlet, published_at AT TIME ZONE 'UTC' AS published_at, fetched_at AT TIME ZONE 'UTC' AS fetched_at
    FROM article
    WHERE is_current AND outlet IS NOT NULL AND published_at <= fetched_at
), reach AS (
    SELECT
        newest,
        oldest,
        latest_fetch,
        CASE
            WHEN newest - oldest <= INTERVAL 21 DAY AND a_day >= 3 THEN 'day'
            WHEN newest - oldest <= INTERVAL 182 DAY AND a_day >= 3.0 / 7 THEN 'week'
            ELSE 'month'
        END AS unit,
        CASE unit WHEN 'month' THEN INTERVAL 1 MONTH WHEN 'week' THEN INTERVAL 7 DAY ELSE INTERVAL 1 DAY END AS step
    FROM (
        SELECT
            max(published_at) AS newest,
            max(fetched_at) AS latest_fetch,
            quantile_disc(published_at, 0.02) AS oldest,
            count(*) / count(DISTINCT outlet) / greatest(1, epoch(newest - oldest) / 86400) AS a_day
        FROM dated
    )
), calendar AS (
    SELECT unit, step, began, began + step AS ended
    FROM (
        SELECT
            unit,
            step,
            newest,
            latest_fetch,
            unnest(generate_series(
                greatest(date_trunc(unit, oldest), date_trunc(unit, newest) - 24 * step), date_trunc(unit, newest), step
            )) AS began
        FROM reach
    )
    WHERE began + step <= date_trunc('day', newest) + INTERVAL 1 DAY AND began + step <= latest_fetch
), spaced AS (
    SELECT
        outlet,
        published_at AS last_heard,
        coalesce(
            lead(published_at) OVER (PARTITION BY outlet ORDER BY published_at), (SELECT newest FROM reach)
        ) AS heard_again
    FROM dated
), silence AS (
    SELECT outlet, last_heard, heard_again FROM spaced
    WHERE heard_again - last_heard >= INTERVAL 7 DAY
    QUALIFY heard_again - last_heard
        >= 3 * quantile_disc(heard_again - last_heard, 0.9) OVER (PARTITION BY outlet)
        OR count(*) OVER (PARTITION BY outlet) < 3
), heard AS (
    SELECT outlet, date_trunc(reach.unit, published_at) AS began, count(*) AS pieces FROM dated, reach GROUP BY ALL
), member AS (
    SELECT outlet FROM heard JOIN calendar USING (began)
    GROUP BY outlet
    HAVING count(*) >= 0.8 * (SELECT count(*) FROM calendar)
)
SELECT
    unit,
    began::DATE AS period,
    outlet,
    coalesce(pieces, 0) AS articles,
    pieces IS NULL OR EXISTS (
        FROM silence
        WHERE silence.outlet = member.outlet
            AND least(heard_again, ended) - greatest(last_heard, began) >= least(INTERVAL 5 DAY, step)
    ) AS is_silent
FROM member CROSS JOIN calendar LEFT JOIN heard USING (outlet, began);
COMMENT ON VIEW panel IS
    'The outlets with articles in at least four fifths of the periods, and each of the last 24 periods that are over, '
    'which means that an article was fetched after the end of the period. A period is a day, a week or a month: the '
    'shortest that most outlets fill with some articles. is_silent: the outlet has no article in the period, or a '
    'break much longer than its usual ones. The view serves to compare periods without effects of a changing set of outlets.';
