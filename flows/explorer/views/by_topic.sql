-- Which main topics do these articles have?
{% include "chosen.sql" %}
SELECT label AS topic, count(*) AS articles
FROM main_topic SEMI JOIN chosen_article USING (article_id, revision)
GROUP BY label ORDER BY articles DESC, topic
