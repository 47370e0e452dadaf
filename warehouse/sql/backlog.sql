-- What is still to be scored? Every current text that is not a copy, times every question in the table wanted_target
-- (target, statement_hash, model_version; a target and hash of '' stand for the topics), minus what is scored.
-- $since, where given, leaves out what was published (or else fetched) earlier.
SELECT
    article.article_id,
    article.revision,
    article.month,
    if(wanted_target.target = '', 'topic', 'stance') AS task,
    wanted_target.target,
    wanted_target.statement_hash,
    wanted_target.model_version
FROM article
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
ORDER BY article.month, article.article_id, wanted_target.target
