-- What is still to be scored? Every current text that is not a copy, times every question in the table wanted_target
-- (target, statement_hash, model_version; an empty target and hash stand for the topics), minus the scored questions.
-- Takes $since: if given, leaves out articles that were published (or, without a date, fetched) earlier;
-- $weights_version, $taxonomy and $taxonomy_version.
-- Gives has_raw: whether the answer can be made without reading the text. For a stance: raw scores of $weights_version
-- are stored (see raw_scores). For topics: a model of $weights_version and, if it is given, $taxonomy_version has given
-- some, in $taxonomy if that is given (see topics_to_copy). Without $weights_version, has_raw is always false.
-- Gives left_out: with $trial, the version of a model whose answers are only to be compared, whether its answer would
-- count all the same. If the configuration has named this model before, its answers count wherever none of the models
-- has answered that count before it.
-- Articles to whose current revision every wanted question has been asked are left out first, because the join with all
-- rows of scored would otherwise hold them all in memory, also if nothing is missing.
WITH complete AS (
    SELECT article_id, revision
    FROM scored SEMI JOIN wanted_target USING (target, statement_hash, model_version)
    GROUP BY article_id, revision
    HAVING count(*) = (SELECT count(*) FROM wanted_target)
), missing AS (
    SELECT
        article.article_id,
        article.revision,
        article.month,
        if(wanted_target.target = '', 'topic', 'stance') AS task,
        wanted_target.target,
        wanted_target.statement_hash,
        wanted_target.model_version
    FROM article
    ANTI JOIN complete ON complete.article_id = article.article_id AND complete.revision = article.revision
    CROSS JOIN wanted_target
    ANTI JOIN scored
        ON scored.article_id = article.article_id
        AND scored.revision = article.revision
        AND scored.target = wanted_target.target
        AND scored.statement_hash = wanted_target.statement_hash
        AND scored.model_version = wanted_target.model_version
    WHERE article.is_current
        AND article.article_id NOT IN (SELECT article_id FROM duplicate)
        AND ($since::TIMESTAMPTZ IS NULL OR coalesce(article.published_at, article.fetched_at) >= $since::TIMESTAMPTZ)
), read_before AS (
    SELECT missing.article_id, missing.revision, missing.target, missing.statement_hash
    FROM missing JOIN raw_score USING (month, article_id, revision, target, statement_hash)
    WHERE raw_score.weights_version = $weights_version
    UNION
    SELECT missing.article_id, missing.revision, missing.target, missing.statement_hash
    FROM missing JOIN topic USING (article_id, revision) JOIN model ON model.model_version = topic.model_version
    WHERE missing.task = 'topic' AND model.weights_version = $weights_version
        AND ($taxonomy::VARCHAR IS NULL OR topic.taxonomy = $taxonomy)
        AND ($taxonomy_version::VARCHAR IS NULL OR model.taxonomy = $taxonomy_version)
), place AS (
    SELECT model_version, max(rank) AS rank
    FROM (SELECT model_version, rank FROM model UNION ALL SELECT model_version, rank FROM reading)
    GROUP BY model_version
), own AS (
    FROM place WHERE model_version = $trial::VARCHAR AND rank > 0
), preferred AS (
    SELECT place.model_version
    FROM place CROSS JOIN own
    WHERE {'rank': place.rank, 'version': place.model_version} > {'rank': own.rank, 'version': own.model_version}
), answered AS (
    SELECT DISTINCT article_id, revision, target, statement_hash
    FROM scored
    SEMI JOIN preferred USING (model_version)
    SEMI JOIN missing USING (article_id, revision, target, statement_hash)
)
SELECT
    missing.*,
    read_before.article_id IS NOT NULL AS has_raw,
    answered.article_id IS NULL AND (SELECT count(*) > 0 FROM own) AS left_out
FROM missing
LEFT JOIN read_before USING (article_id, revision, target, statement_hash)
LEFT JOIN answered USING (article_id, revision, target, statement_hash)
ORDER BY missing.month, missing.article_id, missing.target
