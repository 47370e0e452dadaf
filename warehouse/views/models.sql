-- Differences between two models, and the answers of the second model.

-- Questions about current texts and about targets that are asked now, in their present wording, to which two models give
-- different answers, largest distance first; the distance is empty if one of them is a second model.
CREATE OR REPLACE MACRO model_diff(model_a, model_b) AS TABLE
SELECT
    a.target,
    a.stance AS stance_a,
    b.stance AS stance_b,
    a.about AS about_a,
    b.about AS about_b,
    round(abs(a.p_favor - b.p_favor) + abs(a.p_against - b.p_against) + abs(a.p_neutral - b.p_neutral), 4) AS distance,
    a.outlet,
    a.title,
    a.article_id
FROM stance a
JOIN stance b USING (article_id, revision, target, statement_hash)
JOIN article ON article.article_id = a.article_id AND article.revision = a.revision AND article.is_current
JOIN target ON target.target = a.target AND target.statement_hash = a.statement_hash AND target.is_current
WHERE a.model_version = model_a AND b.model_version = model_b AND (a.stance <> b.stance OR a.about <> b.about)
ORDER BY distance DESC, a.article_id, a.target;

-- A question that was answered before an article was chosen at random is not asked again, so its reading gives another
-- reason; an article of which all questions were answered before has no reading with the reason random. Such answers are
-- as representative as those that the run asked for, if they are to questions that the run asked of all articles chosen
-- at random, and about articles that it reached. Articles are chosen by the end of their ids and asked latest first, so
-- the articles that a run certainly reached are known from those that it asked about. As in warehouse/sql/second_due.sql,
-- the latest are those taken in last, and a page of a web archive is taken in when the run begins that reads the archive.
-- All pages of an archive are of one time, and are asked in the order of their ids.
CREATE OR REPLACE VIEW second_answer AS
WITH known_run AS (
    SELECT run_id, min(started_at) AS started_at FROM commit_log GROUP BY run_id
), piece AS (
    SELECT
        article_id,
        revision,
        is_current,
        greatest(fetched_at, coalesce(started_at, fetched_at)) AS taken_in_at,
        coalesce(published_at, fetched_at) AS published_at
    FROM article LEFT JOIN known_run USING (run_id)
), chosen AS (
    SELECT
        r.run_id,
        r.asked_with,
        max(r.asked_at) AS asked_at,
        max(right(r.article_id, 8)) AS id_to,
        min(piece.taken_in_at) AS taken_in_from,
        first(r.article_id ORDER BY piece.taken_in_at, r.article_id DESC) AS last_article,
        min(piece.published_at) AS published_from
    FROM second_reading r JOIN piece USING (article_id, revision)
    WHERE r.why = 'random'
    GROUP BY r.run_id, r.asked_with
), asked_of_all AS (
    SELECT DISTINCT r.run_id, r.asked_with, s.target, s.statement_hash
    FROM second_reading r JOIN stance s USING (article_id, revision, model_version, run_id)
    WHERE r.why = 'random'
), answered_before AS (
    SELECT DISTINCT s.article_id, s.revision, s.target, s.statement_hash, s.model_version, true AS counts
    FROM stance s
    JOIN second_reading r USING (article_id, revision, model_version, run_id)
    JOIN piece USING (article_id, revision)
    JOIN asked_of_all q
        ON q.asked_with = r.asked_with AND q.target = s.target AND q.statement_hash = s.statement_hash
    JOIN chosen c ON c.run_id = q.run_id AND c.asked_with = q.asked_with
    WHERE r.why <> 'random' AND piece.is_current
        AND r.run_id <> c.run_id AND r.asked_at <= c.asked_at
        AND right(s.article_id, 8) <= c.id_to
        AND (
            piece.taken_in_at > c.taken_in_from
            OR (piece.taken_in_at = c.taken_in_from AND s.article_id <= c.last_article)
        )
        AND piece.published_at >= c.published_from
)
SELECT
    s.target,
    first_answer.stance AS first_stance,
    first_answer.about AS first_about,
    first_answer.certainty AS first_certainty,
    s.stance AS second_stance,
    s.about AS second_about,
    r.why,
    s.outlet,
    s.published_at,
    s.title,
    s.article_id,
    s.revision,
    s.statement_hash,
    first_answer.model_version AS first_model_version,
    s.model_version AS second_model_version,
    r.why = 'random' OR coalesce(answered_before.counts, false) AS by_chance
FROM stance s
JOIN second_reading r USING (article_id, revision, model_version, run_id)
LEFT JOIN answered_before USING (article_id, revision, target, statement_hash, model_version)
JOIN (
    SELECT
        f.*, m.rank,
        answer_certainty(f.stance, f.about, f.p_favor, f.p_against, f.p_neutral, f.relevance) AS certainty
    FROM stance f JOIN model m ON m.model_version = f.model_version AND m.asked_with IS NULL
    QUALIFY row_number() OVER (
        PARTITION BY article_id, revision, target, statement_hash ORDER BY m.rank DESC, m.model_version DESC
    ) = 1
) first_answer USING (article_id, revision, target, statement_hash);
COMMENT ON VIEW second_answer IS
    'Every answer of a second model, that of the best-ranked first model to the same question, and why it was asked. '
    'by_chance: the article was chosen at random to be asked about every target; why gives another reason if the question '
    'had been answered before that. first_certainty is the certainty of the first model''s answer; if that is that the '
    'article does not speak about the target, it is one minus the probability that it does.';

CREATE OR REPLACE VIEW second_confusion AS
SELECT
    target,
    CASE WHEN first_about THEN first_stance ELSE 'not_about' END AS first_answer,
    CASE WHEN second_about THEN second_stance ELSE 'not_about' END AS second_answer,
    count(*) AS articles
FROM (  -- one answer for each article and target that is asked now: after a revision or a rewording it is asked again
    SELECT s.*
    FROM second_answer s
    JOIN article ON article.article_id = s.article_id AND article.revision = s.revision
    JOIN target ON target.target = s.target AND target.statement_hash = s.statement_hash
    JOIN model ON model.model_version = s.second_model_version
    WHERE s.by_chance AND article.is_current AND target.is_current
    QUALIFY row_number() OVER (
        PARTITION BY s.article_id, s.target ORDER BY model.rank DESC, s.second_model_version DESC
    ) = 1
)
GROUP BY ALL;
COMMENT ON VIEW second_confusion IS
    'How often each pair of answers of the first and the second model occurs, by target, over the articles that were '
    'chosen at random, and only for targets that are asked now. Each article counts once, with its current text, the '
    'present wording and the best-ranked second model that has answered. The counts are therefore representative of all '
    'articles.';

CREATE OR REPLACE VIEW second_agreement AS
SELECT *, share_of(same, articles) AS share_same, share_of(same_side, both_on_a_side) AS share_same_side
FROM (
    SELECT
        target,
        sum(articles)::BIGINT AS articles,
        coalesce(sum(articles) FILTER (first_answer = second_answer), 0)::BIGINT AS same,
        coalesce(sum(articles) FILTER (
            first_answer IN ('favor', 'against') AND second_answer IN ('favor', 'against')
        ), 0)::BIGINT AS both_on_a_side,
        coalesce(sum(articles) FILTER (
            first_answer IN ('favor', 'against') AND second_answer = first_answer
        ), 0)::BIGINT AS same_side
    FROM second_confusion
    GROUP BY target
);
COMMENT ON VIEW second_agreement IS
    'How often the second model gives the same answer as the first, by target, over the articles chosen at random, and '
    'only for targets that are asked now. A share is empty if it would be of fewer than 5 articles.';
