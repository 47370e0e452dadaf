-- Which answers have people given, the latest answer of each person to each question, with the columns needed to read
-- and share them? Takes $texts: whether to include the articles' texts. split depends on the article alone (on its
-- original, if it is a copy), so that the answers about one article are not in two parts of data that a model is trained
-- and judged on. If a person has answered
-- a question that was drawn by chance, and later once more without a draw, the draw is given, as in gold_answer. Each
-- answer is one row: if the question was drawn for several samples, the row names the one for which the person answered
-- it last.
WITH draw AS (
    SELECT
        article_id, revision, target, statement_hash, annotator,
        arg_max(
            {'sampled_by': sampled_by, 'sample': sample, 'stratum': stratum, 'stratum_size': stratum_size,
                'sampling_weight': sampling_weight},
            (sampled_by = 'random', answered_at, annotation_id)
        ) AS drawn
    FROM given_annotation
    GROUP BY ALL
)
SELECT
    a.annotation_id, a.article_id, a.revision, article.url, article.outlet, article.title, article.published_at,
    a.target, a.statement, a.statement_hash, a.annotator, a.answer,
    list_aggregate(
        list_transform(list_zip(a.sentence_start, a.sentence_end), lambda one: one[1] || '-' || one[2]), 'string_agg', '; '
    ) AS sentences,
    a.note, a.is_blind, drawn.sampled_by, drawn.sample, drawn.stratum, drawn.stratum_size, drawn.sampling_weight,
    a.answered_at,
    split_of(coalesce(originals.original, a.article_id)) AS split,
    article_text.text
FROM current_annotation a
JOIN draw USING (article_id, revision, target, statement_hash, annotator)
JOIN article USING (article_id, revision)
LEFT JOIN originals() originals USING (article_id)
LEFT JOIN article_text
    ON $texts AND article_text.month = a.month AND article_text.article_id = a.article_id
    AND article_text.revision = a.revision
ORDER BY a.target, a.article_id, a.annotator
