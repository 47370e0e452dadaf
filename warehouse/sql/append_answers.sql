-- Insert new articles, answers, targets and models (views new_<table>) into the published tables, fill the columns that
-- save a join, and keep is_current right. Without new rows of these tables it changes nothing. Run in one transaction
-- with append.sql and the count check. The same statements serve one night and a full rebuild.

-- The articles concerned: those with new texts or new answers, those asked about a target whose wording changes, and
-- those answered by a model that the configuration names from now on.
CREATE OR REPLACE TEMP TABLE affected AS
    SELECT article_id FROM new_article
    UNION SELECT article_id FROM new_scored
    UNION SELECT article_id FROM scored WHERE target IN (SELECT target FROM new_target)
    UNION SELECT article_id FROM scored WHERE model_version IN (
        SELECT model_version FROM new_reading JOIN model USING (model_version) WHERE new_reading.rank > model.rank
    );

-- The articles among them that were here before: only their old rows can lose (or regain) is_current.
CREATE OR REPLACE TEMP TABLE revisited AS
    SELECT DISTINCT article_id FROM article WHERE article_id IN (SELECT article_id FROM affected);

CREATE OR REPLACE TEMP TABLE latest AS
    SELECT article_id, max(revision) AS revision
    FROM (
        SELECT article_id, revision FROM article WHERE article_id IN (SELECT article_id FROM revisited)
        UNION ALL SELECT article_id, revision FROM new_article
    )
    GROUP BY article_id;

UPDATE article SET is_current = false
FROM latest
WHERE article.article_id = latest.article_id AND article.is_current AND article.revision < latest.revision;

INSERT INTO article
SELECT n.*, n.revision = latest.revision FROM new_article n JOIN latest USING (article_id)
ORDER BY n.month, n.published_at, n.article_id;

INSERT INTO target SELECT n.*, false FROM new_target n;
UPDATE target SET is_current = target.active AND target.asked_from = newest.asked_from
FROM (SELECT target, max(asked_from) AS asked_from FROM target GROUP BY target) newest
WHERE target.target = newest.target;

INSERT INTO reading SELECT * FROM new_reading;
INSERT INTO model SELECT n.*, false FROM new_model n;
UPDATE model SET rank = named.rank
FROM (SELECT model_version, max(rank) AS rank FROM reading GROUP BY model_version) named
WHERE model.model_version = named.model_version AND model.rank < named.rank;
-- A second model, if one is configured, ranks above the first. Of two models with the same rank, which earlier versions
-- could give on two machines, the one with the greater version is preferred, here and below.
UPDATE model SET is_current = rank > 0 AND {'rank': rank, 'version': model_version} >= (
    SELECT max({'rank': rank, 'version': model_version}) FROM (
        SELECT model_version, rank FROM model UNION ALL SELECT model_version, rank FROM reading
    )
    WHERE model_version NOT IN (SELECT model_version FROM model WHERE asked_with IS NOT NULL)
);

-- The columns of the article that the tables of labels repeat, so that queries need no join.
CREATE OR REPLACE TEMP TABLE article_columns AS
    SELECT article_id, revision, outlet, title, published_at
    FROM article WHERE article_id IN (SELECT article_id FROM affected);

-- The answer that counts, per article and question: of the current text, to today's wording, by the best model; never
-- one by a model of rank 0, which is only compared. The table holds only the answers for which this changes: old
-- answers that no longer count (or count again), and new answers that do not count.
CREATE OR REPLACE TEMP TABLE changed AS
WITH asked AS (
    SELECT article_id, revision, task, target, statement_hash, model_version, is_current AS was_current
    FROM scored WHERE article_id IN (SELECT article_id FROM revisited)
    UNION ALL
    SELECT article_id, revision, task, target, statement_hash, model_version, NULL FROM new_scored
), judged AS (
    SELECT
        asked.*,
        model.place,
        latest.revision IS NOT NULL AND (asked.task <> 'stance' OR target.target IS NOT NULL)
            AND model.rank IS DISTINCT FROM 0 AS eligible
    FROM asked
    LEFT JOIN latest ON latest.article_id = asked.article_id AND latest.revision = asked.revision
    LEFT JOIN target ON target.is_current
        AND target.target = asked.target AND target.statement_hash = asked.statement_hash
    LEFT JOIN (
        SELECT model_version, rank, row_number() OVER (ORDER BY rank, model_version) AS place FROM model
    ) model ON model.model_version = asked.model_version
), several AS (  -- on most nights there are none, and no answers have to be compared
    SELECT article_id FROM asked GROUP BY article_id HAVING min(model_version) <> max(model_version)
), best AS (
    SELECT article_id, task, target, max(place) AS place
    FROM judged WHERE eligible AND article_id IN (SELECT article_id FROM several)
    GROUP BY article_id, task, target
), currency AS (
    SELECT
        judged.* EXCLUDE (place, eligible),
        eligible AND (best.article_id IS NULL OR judged.place IS NOT DISTINCT FROM best.place) AS is_current
    FROM judged LEFT JOIN best USING (article_id, task, target)
)
SELECT * FROM currency WHERE is_current <> coalesce(was_current, true);

CREATE OR REPLACE TEMP TABLE flipped AS FROM changed WHERE was_current IS NOT NULL;
CREATE OR REPLACE TEMP TABLE stale AS FROM changed WHERE was_current IS NULL;

UPDATE scored SET is_current = flipped.is_current FROM flipped
WHERE scored.article_id = flipped.article_id AND scored.revision = flipped.revision AND scored.task = flipped.task
    AND scored.target = flipped.target AND scored.statement_hash = flipped.statement_hash
    AND scored.model_version = flipped.model_version;

UPDATE stance SET is_current = flipped.is_current FROM flipped
WHERE flipped.task = 'stance' AND stance.article_id = flipped.article_id AND stance.revision = flipped.revision
    AND stance.target = flipped.target AND stance.statement_hash = flipped.statement_hash
    AND stance.model_version = flipped.model_version;

UPDATE evidence SET is_current = flipped.is_current FROM flipped
WHERE flipped.task = 'stance' AND evidence.article_id = flipped.article_id AND evidence.revision = flipped.revision
    AND evidence.target = flipped.target AND evidence.statement_hash = flipped.statement_hash
    AND evidence.model_version = flipped.model_version;

UPDATE topic SET is_current = flipped.is_current FROM flipped
WHERE flipped.task = 'topic' AND topic.article_id = flipped.article_id AND topic.revision = flipped.revision
    AND topic.model_version = flipped.model_version;

INSERT INTO scored
SELECT n.*, stale.article_id IS NULL
FROM new_scored n LEFT JOIN stale USING (article_id, revision, task, target, statement_hash, model_version)
ORDER BY n.task, n.target, n.article_id;

INSERT INTO stance
SELECT n.*, article_columns.outlet, article_columns.title, article_columns.published_at, stale.article_id IS NULL
FROM new_stance n
LEFT JOIN article_columns USING (article_id, revision)
LEFT JOIN stale ON stale.task = 'stance' AND stale.article_id = n.article_id AND stale.revision = n.revision
    AND stale.target = n.target AND stale.statement_hash = n.statement_hash AND stale.model_version = n.model_version
ORDER BY n.target, n.article_id;

INSERT INTO evidence
SELECT n.*, stale.article_id IS NULL
FROM new_evidence n
LEFT JOIN stale ON stale.task = 'stance' AND stale.article_id = n.article_id AND stale.revision = n.revision
    AND stale.target = n.target AND stale.statement_hash = n.statement_hash AND stale.model_version = n.model_version
ORDER BY n.target, n.article_id, n.start;

INSERT INTO topic
SELECT n.*, article_columns.outlet, article_columns.title, article_columns.published_at, stale.article_id IS NULL
FROM new_topic n
LEFT JOIN article_columns USING (article_id, revision)
LEFT JOIN stale ON stale.task = 'topic' AND stale.article_id = n.article_id AND stale.revision = n.revision
    AND stale.model_version = n.model_version
ORDER BY n.topic, n.article_id;

-- Changes of the totals: new answers that count are added; old answers are subtracted or added again.
CREATE OR REPLACE TEMP TABLE difference AS
WITH answer AS (
    SELECT n.target, article_columns.outlet, n.month, n.about, n.stance, n.p_favor, n.p_against, n.p_neutral, 1 AS times
    FROM new_stance n
    LEFT JOIN article_columns USING (article_id, revision)
    LEFT JOIN stale ON stale.task = 'stance' AND stale.article_id = n.article_id AND stale.revision = n.revision
        AND stale.target = n.target AND stale.statement_hash = n.statement_hash
        AND stale.model_version = n.model_version
    WHERE stale.article_id IS NULL
    UNION ALL
    SELECT s.target, s.outlet, s.month, s.about, s.stance, s.p_favor, s.p_against, s.p_neutral,
        if(flipped.is_current, 1, -1)
    FROM stance s
    JOIN flipped ON flipped.task = 'stance' AND flipped.article_id = s.article_id AND flipped.revision = s.revision
        AND flipped.target = s.target AND flipped.statement_hash = s.statement_hash
        AND flipped.model_version = s.model_version
)
SELECT
    target, outlet, month, about, stance,
    sum(times) AS articles,
    coalesce(sum(times) FILTER (p_favor IS NOT NULL), 0) AS with_probability,
    coalesce(sum(times * p_favor::DECIMAL(9, 4)), 0) AS sum_p_favor,
    coalesce(sum(times * p_against::DECIMAL(9, 4)), 0) AS sum_p_against,
    coalesce(sum(times * p_neutral::DECIMAL(9, 4)), 0) AS sum_p_neutral,
    coalesce(sum(times * certainty(stance, p_favor, p_against, p_neutral)::DECIMAL(9, 4)), 0) AS sum_certainty
FROM answer
GROUP BY target, outlet, month, about, stance;

MERGE INTO stance_total t USING difference d
ON t.target = d.target AND t.outlet IS NOT DISTINCT FROM d.outlet AND t.month = d.month AND t.about = d.about
    AND t.stance = d.stance
WHEN MATCHED AND t.articles + d.articles = 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET
    articles = t.articles + d.articles,
    with_probability = t.with_probability + d.with_probability,
    sum_p_favor = t.sum_p_favor + d.sum_p_favor,
    sum_p_against = t.sum_p_against + d.sum_p_against,
    sum_p_neutral = t.sum_p_neutral + d.sum_p_neutral,
    sum_certainty = t.sum_certainty + d.sum_certainty
WHEN NOT MATCHED THEN INSERT;

DROP TABLE affected;
DROP TABLE revisited;
DROP TABLE latest;
DROP TABLE article_columns;
DROP TABLE changed;
DROP TABLE flipped;
DROP TABLE stale;
DROP TABLE difference;
