-- Which authors stated another side of a target than in their previous article? The latest change first. Articles
-- without a date are left out, and so are those of one author and time that state both sides: it is not known which came
-- first. A date without a time is stored as midnight, and all articles of such a day count as of one time. Bylines that
-- name no person, such as "The Editorial Board", are followed within an outlet.
-- Empty: no author has stated one side of a target first and the other one later.
WITH named AS (
    SELECT unnest(a.authors) AS author, s.target, s.stance, s.outlet, s.published_at, s.title, s.article_id, a.url
    FROM current_stance s JOIN article a USING (article_id, revision)
    WHERE s.stance IN ('favor', 'against') AND s.published_at IS NOT NULL
), told_apart AS (
    SELECT
        *,
        CASE WHEN is_desk(author) THEN coalesce(outlet, article_id) END AS desk_of,
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
    WINDOW of_day AS (PARTITION BY author, target, desk_of, at_utc::DATE)
), in_order AS (
    SELECT *, count(*) OVER (PARTITION BY author, target, desk_of) AS articles_on_a_side
    FROM timed
    WINDOW at_one_time AS (PARTITION BY author, target, desk_of, known_time)
    QUALIFY min(stance) OVER at_one_time = max(stance) OVER at_one_time
), following AS (
    SELECT
        *,
        lag(stance) OVER earlier AS stance_before,
        lag(published_at) OVER earlier AS published_before,
        lag(title) OVER earlier AS title_before
    FROM in_order
    WINDOW earlier AS (PARTITION BY author, target, desk_of ORDER BY published_at, article_id)
)
SELECT author, target, stance_before, published_before, title_before, stance, outlet, published_at, title, url, articles_on_a_side
FROM following
WHERE stance <> stance_before
ORDER BY published_at DESC, author, target
LIMIT 25
