-- The macros that writers of the warehouse need as well as analysts. The other macros are in the folder `views`.

-- The certainty of an answer: for a side, the probability of that side; for neutral, that of taking no side; for
-- unsure, the larger of the probabilities of the two sides, which shows how near the answer is to a side.
CREATE OR REPLACE MACRO certainty(stance, p_favor, p_against, p_neutral) AS
CASE stance
    WHEN 'favor' THEN p_favor
    WHEN 'against' THEN p_against
    WHEN 'neutral' THEN p_neutral
    ELSE greatest(p_favor, p_against)
END;

-- The certainty of an answer, also of one that the article does not speak about the target: there it is one minus the
-- probability that it speaks about it.
CREATE OR REPLACE MACRO answer_certainty(stance, about, p_favor, p_against, p_neutral, relevance) AS
CASE WHEN about THEN certainty(stance, p_favor, p_against, p_neutral) ELSE 1 - relevance END;

-- The number by which the sentences that show a stance are ordered, the largest first: the evidence share, which counts
-- half if the sentence is quoted from somebody else. A model's evidence is chosen by the same rule, with the weight in
-- models/evidence.py. It is empty if the model gives its sentences no shares.
CREATE OR REPLACE MACRO evidence_order(score, quoted) AS
score * CASE WHEN quoted THEN 0.5 ELSE 1 END;

-- Whether an item with this outcome has failed, for reasons that may be mended or pass. Items that were left out on
-- purpose have not failed.
CREATE OR REPLACE MACRO has_failed(outcome) AS
outcome IN ('fetch_failed', 'postponed', 'extract_failed', 'rejected');

-- Whether an item with this outcome is one that cannot be read: its address or its file is unsafe, or it is too large, or
-- it is neither a page nor a text. Such an item has not failed, because every later run would find the same.
CREATE OR REPLACE MACRO cannot_be_read(outcome) AS
outcome IN ('refused', 'too_large', 'unsupported_type');

-- Whether the text of an item with this outcome is known: it is stored, or that of another article which is stored.
CREATE OR REPLACE MACRO text_is_known(outcome) AS
outcome IN ('loaded', 'unchanged', 'revised', 'duplicate');

-- The addresses to which redirects led, each with the article that was read there. Only redirects to a page whose text
-- is known count: others lead to a page of consent or to the front page. A page that had not changed since the last
-- visit is that of the article which the address that was asked for gave last.
CREATE OR REPLACE MACRO behind_redirects() AS TABLE
WITH known_run AS (
    SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id
), ended AS (
    SELECT url, run_id, sequence, article_id, outcome = 'unchanged' AND stage = 'fetch' AS is_unread
    FROM outcome JOIN known_run USING (run_id)
    WHERE article_id IS NOT NULL AND text_is_known(outcome)
), led AS (
    SELECT visit.url, visit.final_url, ended.sequence
    FROM visit JOIN ended USING (url, run_id)
    WHERE visit.final_url IS NOT NULL
)
SELECT DISTINCT led.final_url AS url, last_read.article_id
FROM led
ASOF JOIN (FROM ended WHERE NOT is_unread) last_read
    ON last_read.url = led.url AND last_read.sequence <= led.sequence;

-- Whether an answer of the first model calls for one of a second model, by what `[second_model] ask` says: an unsure answer
-- always does; a side does with "stated" and "all"; and with "all", so does every answer for which the text was read.
CREATE OR REPLACE MACRO calls_for_second_model(ask, stance, about, was_read) AS
stance = 'unsure'
OR (ask IN ('stated', 'all') AND stance IN ('favor', 'against'))
OR (ask = 'all' AND (about OR was_read));

-- The articles that must not be sent to a second model because of their sources: sources that are last stored with
-- second_model = false, and the given ones (a list of ids). These are the articles that such a source brought or lists,
-- the articles to which an address led that it lists, and the copies and originals of all these.
CREATE OR REPLACE MACRO never_sent(sources) AS TABLE
WITH RECURSIVE excluded AS (
    SELECT unnest(sources::VARCHAR[]) AS source
    UNION
    SELECT source
    FROM (FROM source QUALIFY row_number() OVER (PARTITION BY source ORDER BY since DESC) = 1)
    WHERE NOT second_model
), listed AS (
    SELECT url, article_id FROM item WHERE source IN (SELECT source FROM excluded)
    UNION ALL
    SELECT url, article_id FROM also_listed WHERE source IN (SELECT source FROM excluded)
), kept AS (
    SELECT article_id FROM listed
    UNION
    SELECT article_id FROM article WHERE source IN (SELECT source FROM excluded)
    UNION
    SELECT article_id FROM outcome WHERE article_id IS NOT NULL AND source IN (SELECT source FROM excluded)
    UNION
    SELECT article_id FROM outcome WHERE article_id IS NOT NULL AND url IN (SELECT url FROM listed)
), copy AS (
    SELECT article_id, duplicate_of AS other FROM duplicate
    UNION ALL
    SELECT duplicate_of, article_id FROM duplicate
), family AS (
    SELECT article_id FROM kept
    UNION
    SELECT copy.other FROM family JOIN copy USING (article_id)
)
SELECT article_id FROM family;

-- The original of each article that is a copy, also of a copy of a copy. Articles that are copies of each other have no
-- original; the first id of them is used.
CREATE OR REPLACE MACRO originals() AS TABLE
WITH RECURSIVE led_to AS (
    SELECT DISTINCT article_id, article_id AS original FROM duplicate
    UNION
    SELECT led_to.article_id, copy.duplicate_of FROM led_to JOIN duplicate copy ON copy.article_id = led_to.original
)
SELECT led_to.article_id, coalesce(min(original) FILTER (copy.article_id IS NULL), min(original)) AS original
FROM led_to LEFT JOIN duplicate copy ON copy.article_id = led_to.original
GROUP BY led_to.article_id;

-- The part of the data for training in which an article is: train (eight of ten), dev or test. It depends on the id of
-- the article alone; for a copy, give the id of its original (see originals), so that both are in the same part.
CREATE OR REPLACE MACRO split_of(article_id) AS
CASE ('0x' || left(article_id, 8))::UBIGINT % 10 WHEN 8 THEN 'dev' WHEN 9 THEN 'test' ELSE 'train' END;
