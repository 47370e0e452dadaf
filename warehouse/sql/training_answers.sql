-- Which answers about articles can a network learn from? One row for each article, revision and statement of a target
-- (its other wordings are in also and denied): the answer that most people gave, or else the answer of the second model
-- with the highest rank. Takes $never_sent: sources whose articles are configured never to be sent to a second model.
-- Train, dev and test depend on the id of the article's original, or on its own id if it is no copy, as in
-- annotations_to_export.sql: all copies and revisions are always in the same part. Left out are articles that are never
-- sent because of these sources or of sources stored as such (see the macro never_sent), articles that were taken down,
-- and unsure answers. If the answer that is chosen is unsure, no other one takes its place: it is superseded.
-- at_random: the statement was asked because the article was chosen at random. About a target that came later, the second
-- model may have been asked only where the first model was unsure.
WITH closed AS (
    SELECT article_id FROM never_sent($never_sent)
    UNION
    SELECT article_id FROM tombstone
), shown AS (
    SELECT
        article_id, revision, model_version, target, statement_hash,
        list({'start': e.start, 'end': e."end", 'quoted': e.quoted} ORDER BY e.start) AS evidence
    FROM evidence e
    SEMI JOIN (FROM model WHERE asked_with IS NOT NULL) USING (model_version)
    GROUP BY article_id, revision, model_version, target, statement_hash
), pointed_at AS (
    SELECT
        article_id, revision, target, statement_hash,
        list({'start': sentence.start, 'end': sentence."end", 'quoted': NULL::BOOLEAN} ORDER BY sentence.start) AS evidence
    FROM (
        SELECT DISTINCT
            a.article_id, a.revision, a.target, a.statement_hash,
            unnest(a.sentence_start) AS start, unnest(a.sentence_end) AS "end"
        FROM current_annotation a
        JOIN gold_answer USING (article_id, revision, target, statement_hash, answer)
    ) sentence
    GROUP BY article_id, revision, target, statement_hash
), given AS (
    SELECT
        article_id, revision, target, statement_hash,
        answer AS label,
        pointed_at.evidence,
        'people' AS said_by, NULL::VARCHAR AS model_version, NULL::VARCHAR AS asked_with,
        2147483647 AS preference
    FROM gold_answer
    LEFT JOIN pointed_at USING (article_id, revision, target, statement_hash)
    WHERE answer IS NOT NULL AND article_id NOT IN (SELECT article_id FROM closed)
    UNION ALL
    SELECT
        s.article_id, s.revision, s.target, s.statement_hash,
        CASE WHEN s.about THEN s.stance ELSE 'not_about' END AS label,
        shown.evidence,
        m.name AS said_by, s.model_version, m.asked_with,
        m.rank AS preference
    FROM stance s
    JOIN model m ON m.model_version = s.model_version AND m.asked_with IS NOT NULL
    LEFT JOIN shown
        ON shown.article_id = s.article_id AND shown.revision = s.revision AND shown.model_version = s.model_version
        AND shown.target = s.target AND shown.statement_hash = s.statement_hash
    WHERE s.article_id NOT IN (SELECT article_id FROM closed)
), wording AS (
    SELECT target, statement_hash, statement, coalesce(also, []) AS also, coalesce(denied, []) AS denied, asked_from
    FROM target
    QUALIFY row_number() OVER (PARTITION BY target, statement_hash ORDER BY asked_from DESC) = 1
), drawn AS (  -- with the questions that have no usable answer of a second model, because people may have answered them
    SELECT article_id, revision, target, statement_hash, true AS by_chance FROM second_answer WHERE by_chance
    UNION
    SELECT reading.article_id, reading.revision, target.target, target.statement_hash, true
    FROM (
        SELECT article_id, revision, asked_at, unnest(targets) AS target FROM second_reading WHERE why = 'random'
    ) reading
    ASOF JOIN target ON reading.target = target.target AND reading.asked_at >= target.asked_from
), chosen AS (
    SELECT *, coalesce(bool_or(by_chance) OVER (PARTITION BY article_id, revision, statement), false) AS at_random
    FROM given
    JOIN wording USING (target, statement_hash)
    LEFT JOIN drawn USING (article_id, revision, target, statement_hash)
    QUALIFY row_number() OVER (
        PARTITION BY article_id, revision, statement ORDER BY preference DESC, asked_from DESC, model_version DESC
    ) = 1
)
SELECT
    chosen.article_id, chosen.revision,
    split_of(coalesce(originals.original, chosen.article_id)) AS split,
    chosen.target, chosen.statement_hash, chosen.statement, chosen.also, chosen.denied,
    chosen.label, coalesce(chosen.evidence, []) AS evidence,
    chosen.said_by, chosen.model_version, chosen.asked_with,
    chosen.at_random
FROM chosen
LEFT JOIN originals() originals USING (article_id)
WHERE chosen.label <> 'unsure'
