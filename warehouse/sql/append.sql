-- Bring new rows (views new_<table>) into the published tables, filling the columns that save a join and keeping
-- is_current true. Run in one transaction with the count check. Works alike for one night and for a full rebuild.

-- Articles this concerns: new texts, new answers, and everything asked of a target whose wording changes.
CREATE OR REPLACE TEMP TABLE affected AS
    SELECT article_id FROM new_article
    UNION SELECT article_id FROM new_scored
    UNION SELECT article_id FROM scored WHERE target IN (SELECT target FROM new_target);

-- Those among them that were here before: only their old rows can lose (or regain) is_current.
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

INSERT INTO model SELECT * FROM new_model;

-- The answer that counts, per article and question: of the current text, to today's wording, by the best model.
CREATE OR REPLACE TEMP TABLE currency AS
WITH asked AS (
    SELECT article_id, revision, task, target, statement_hash, model_version
    FROM scored WHERE article_id IN (SELECT article_id FROM revisited)
    UNION ALL
    SELECT article_id, revision, task, target, statement_hash, model_version FROM new_scored
), eligible AS (
    SELECT
        asked.*,
        model.rank,
        latest.revision IS NOT NULL AND (asked.task <> 'stance' OR target.target IS NOT NULL) AS eligible
    FROM asked
    LEFT JOIN latest ON latest.article_id = asked.article_id AND latest.revision = asked.revision
    LEFT JOIN target ON target.is_current
        AND target.target = asked.target AND target.statement_hash = asked.statement_hash
    LEFT JOIN model ON model.model_version = asked.model_version
)
SELECT
    * EXCLUDE (rank, eligible),
    eligible AND rank IS NOT DISTINCT FROM max(rank) OVER (PARTITION BY article_id, task, target, eligible) AS is_current
FROM eligible;

-- Old answers that stop (or start again) to count.
CREATE OR REPLACE TEMP TABLE flipped AS
SELECT currency.*
FROM scored JOIN currency USING (article_id, revision, task, target, statement_hash, model_version)
WHERE scored.is_current <> currency.is_current;

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
SELECT n.*, coalesce(currency.is_current, false)
FROM new_scored n
LEFT JOIN currency USING (article_id, revision, task, target, statement_hash, model_version)
ORDER BY n.task, n.target, n.article_id;

INSERT INTO stance
SELECT n.*, article.outlet, article.title, article.published_at, coalesce(currency.is_current, false)
FROM new_stance n
LEFT JOIN article USING (article_id, revision)
LEFT JOIN currency ON currency.task = 'stance' AND currency.article_id = n.article_id
    AND currency.revision = n.revision AND currency.target = n.target
    AND currency.statement_hash = n.statement_hash AND currency.model_version = n.model_version
ORDER BY n.target, n.article_id;

INSERT INTO evidence
SELECT n.*, coalesce(currency.is_current, false)
FROM new_evidence n
LEFT JOIN currency ON currency.task = 'stance' AND currency.article_id = n.article_id
    AND currency.revision = n.revision AND currency.target = n.target
    AND currency.statement_hash = n.statement_hash AND currency.model_version = n.model_version
ORDER BY n.target, n.article_id, n.start;

INSERT INTO topic
SELECT n.*, article.outlet, article.title, article.published_at, coalesce(currency.is_current, false)
FROM new_topic n
LEFT JOIN article USING (article_id, revision)
LEFT JOIN currency ON currency.task = 'topic' AND currency.article_id = n.article_id
    AND currency.revision = n.revision AND currency.model_version = n.model_version
ORDER BY n.topic, n.article_id;

INSERT INTO duplicate
SELECT n.*, article.outlet, article.title, article.published_at
FROM new_duplicate n
LEFT JOIN article ON article.article_id = n.duplicate_of AND article.revision = 1;

INSERT INTO outcome SELECT * FROM new_outcome;
INSERT INTO item SELECT * FROM new_item;
INSERT INTO visit SELECT * FROM new_visit;
INSERT INTO minhash_band SELECT * FROM new_minhash_band;
INSERT INTO source SELECT * FROM new_source;
INSERT INTO tombstone SELECT * FROM new_tombstone;
INSERT INTO commit_log SELECT * FROM new_commit_log;

DROP TABLE affected;
DROP TABLE revisited;
DROP TABLE latest;
DROP TABLE currency;
DROP TABLE flipped;
