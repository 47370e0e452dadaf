-- The current stances and topics: by outlet, over time, by share, and those to check first.

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

-- How many articles have each main topic, with its share of all that have a topic of the same taxonomy; the shares are
-- empty if these are fewer than 5 articles. of_taxonomy gives those of one taxonomy, by its name in the column taxonomy.
CREATE OR REPLACE MACRO topic_share(of_taxonomy := NULL) AS TABLE
SELECT
    taxonomy,
    topic,
    label,
    count(*) AS articles,
    share_of(count(*), sum(count(*)) OVER (PARTITION BY taxonomy)) AS share
FROM main_topic
WHERE of_taxonomy IS NULL OR taxonomy = of_taxonomy
GROUP BY taxonomy, topic, label
ORDER BY taxonomy, articles DESC, topic;

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

-- Whether a byline names a desk of an outlet and not a person: "The Editorial Board", "Guest Columnist". Desks of one
-- name belong together only within an outlet.
CREATE OR REPLACE MACRO is_desk(author) AS
regexp_matches(
    author,
    '(?i)\b(board|columnists?|contributors?|correspondents?|desk|editorial|editors?|guest|letters|newsroom|readers|staff)\b'
);

-- Changes of an author or outlet from one stated side of a target to the other, with the articles before and after.
-- Articles without a date are left out, and so are those of one time that state both sides, because it is not known
-- which came first. A date without a time is stored as midnight, and all articles of such a day count as of one time.
-- Desks (see is_desk) are followed within an outlet.
CREATE OR REPLACE MACRO changed_mind(wanted) AS TABLE
WITH named AS (
    SELECT 'outlet' AS voice, s.outlet AS name, s.* FROM stance s
    WHERE s.target = wanted AND s.is_current AND s.stance IN ('favor', 'against') AND s.outlet IS NOT NULL
        AND s.published_at IS NOT NULL
    UNION ALL
    SELECT 'author', unnest(a.authors), s.* FROM stance s JOIN article a USING (article_id, revision)
    WHERE s.target = wanted AND s.is_current AND s.stance IN ('favor', 'against') AND s.published_at IS NOT NULL
), told_apart AS (
    SELECT
        *,
        CASE WHEN voice = 'author' AND is_desk(name) THEN coalesce(outlet, article_id) END AS desk_of,
        published_at AT TIME ZONE 'UTC' AS at_utc
    FROM named
), timed AS (
    SELECT
        *,
        CASE
            WHEN min(at_utc) OVER of_day = at_utc::DATE THEN at_utc::DATE::TIMESTAMP
            ELSE at_utc
        END AS known_time
    FROM told_apart
    WINDOW of_day AS (PARTITION BY voice, name, desk_of, at_utc::DATE)
), in_order AS (
    FROM timed
    WINDOW at_one_time AS (PARTITION BY voice, name, desk_of, known_time)
    QUALIFY min(stance) OVER at_one_time = max(stance) OVER at_one_time
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
    FROM in_order
    WINDOW earlier AS (PARTITION BY voice, name, desk_of ORDER BY published_at, article_id)
)
SELECT * FROM following
WHERE stance_before <> stance_after
ORDER BY voice, name, published_after;

-- The order in which answers should be checked, smallest value first: unsure answers, those nearest to a side first and
-- those of a second model, which have no certainty, last; then the other answers, the least certain first. It is empty
-- for the other answers of a second model.
CREATE OR REPLACE MACRO check_order(stance, certainty) AS
CASE stance WHEN 'unsure' THEN -coalesce(certainty, 0) ELSE certainty END;

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
