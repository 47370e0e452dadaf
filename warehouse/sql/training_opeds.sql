-- Which answers does each article have to all its questions, in the columns that training/opeds_data.py reads? Reads
-- answer (training_answers.sql). A target with several wordings gives pairs of wordings, and a wording that denies the
-- target gets the opposite side. Bank a holds the articles chosen at random, with the statements that were asked of them
-- for this reason; bank b holds all other statements. An article with both kinds has a row in each. In a stored text, one line feed separates two paragraphs (tasks/text/prose.py).
WITH form AS (
    SELECT
        article_id, revision, at_random, label, evidence,
        unnest(
            [{'target': same[n], 'other_wording': same[n + 1], 'turned': false} FOR n IN range(1, len(same) + 1, 2)]
            || [{'target': deny, 'other_wording': NULL::VARCHAR, 'turned': true} FOR deny IN denied]
        ) AS asked
    FROM (SELECT *, [statement] || also AS same FROM answer)
), placed AS (
    SELECT
        form.article_id, form.revision, form.at_random, asked.target, asked.other_wording,
        CASE
            WHEN asked.turned AND label = 'favor' THEN 'against'
            WHEN asked.turned AND label = 'against' THEN 'favor'
            ELSE label
        END AS stance,
        -- The number of a paragraph is the number of paragraphs that end before it. The last part is its own beginning.
        list_sort(list_distinct(
            [
                len([line FOR line IN string_split(left(body.text, e.start::BIGINT), E'\n')[:-2] IF trim(line) <> ''])
                FOR e IN evidence
            ]
        ))::SMALLINT[] AS paragraphs
    FROM form JOIN article_text body USING (article_id, revision)
), piece AS (
    SELECT
        article_id, revision, at_random,
        list(
            {'target': target, 'stance': stance, 'clear': 2::TINYINT, 'paragraphs': paragraphs, 'own': false,
             'other_wording': other_wording}
            ORDER BY target
        ) FILTER (stance <> 'not_about') AS labels,
        list(target ORDER BY target) FILTER (stance = 'not_about') AS silent
    FROM placed
    GROUP BY article_id, revision, at_random
), split AS (
    SELECT article_id, revision, any_value(split) AS split
    FROM answer
    GROUP BY article_id, revision
)
SELECT
    piece.article_id || '-' || piece.revision AS id,
    coalesce(article.title, '') AS title,
    article.outlet,
    '' AS lean,
    coalesce(strftime(article.published_at, '%Y-%m-%d'), '') AS date,
    '' AS subject,
    if(article.kind = 'news', 'news', 'opinion') AS kind,
    if(piece.at_random, 'a', 'b') AS bank,
    split.split,
    [line FOR line IN string_split(article_text.text, E'\n') IF trim(line) <> ''] AS paragraphs,
    coalesce(piece.labels, []) AS labels,
    coalesce(piece.silent, []) AS silent,
    []::VARCHAR[] AS near
FROM piece
JOIN split USING (article_id, revision)
JOIN article USING (article_id, revision)
JOIN article_text USING (article_id, revision)
ORDER BY piece.article_id, piece.revision, bank
