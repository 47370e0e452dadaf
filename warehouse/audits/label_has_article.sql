-- Every answer and every score belongs to an article revision that is committed, in the month of that article.
SELECT label.article_id, label.revision, label.month
FROM (
    SELECT article_id, revision, month FROM checked.scored
    UNION SELECT article_id, revision, month FROM checked.stance
    UNION SELECT article_id, revision, month FROM checked.topic
    UNION SELECT article_id, revision, month FROM checked.evidence
    UNION SELECT article_id, revision, month FROM checked.raw_score
    UNION SELECT article_id, revision, month FROM checked.wording_score
    UNION SELECT article_id, revision, month FROM checked.second_reading
    UNION SELECT article_id, revision, month FROM checked.annotation
    UNION SELECT article_id, revision, month FROM checked.minhash_band
) label
ANTI JOIN checked.article c
    ON c.article_id = label.article_id AND c.revision = label.revision AND c.month = label.month
ANTI JOIN article a
    ON a.article_id = label.article_id AND a.revision = label.revision AND a.month = label.month
