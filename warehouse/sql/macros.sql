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

-- Whether an item with this outcome has failed, for reasons that may be mended or pass. Items that were left out on
-- purpose have not failed.
CREATE OR REPLACE MACRO has_failed(outcome) AS
outcome IN ('fetch_failed', 'postponed', 'extract_failed', 'rejected');

-- Whether an item with this outcome is one that cannot be read: its address or its file is unsafe, or it is too large, or
-- it is neither a page nor a text. Such an item has not failed, because every later run would find the same.
CREATE OR REPLACE MACRO cannot_be_read(outcome) AS
outcome IN ('refused', 'too_large', 'unsupported_type');

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
