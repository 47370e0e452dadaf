-- Which sentence is the best evidence for each article of this page? It is the first one by evidence_order, in which the
-- share of a quoted sentence counts half; of sentences without shares, it is the one that comes first in the text.
SELECT article_id, e.target, e.stance, e.quoted, t.text[e.start + 1 : e."end"] AS sentence
FROM (
    FROM evidence
    WHERE is_current
        AND article_id IN ({{ article_ids }})
{% if targets %}
        AND target IN ({{ targets }})
{% endif %}
{% if stances %}
        AND stance IN ({{ stances }})
{% endif %}
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY evidence_order(score, quoted) DESC NULLS LAST, start) = 1
) e
JOIN (
    SELECT article_id, revision, text FROM article_text
    WHERE article_id IN ({{ article_ids }}) AND month IN ({{ months }})
) t USING (article_id, revision)
ORDER BY article_id
