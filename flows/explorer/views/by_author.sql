-- Who wrote these articles?
{% include "chosen.sql" %}
SELECT author, count(*) AS articles
FROM (SELECT unnest(authors) AS author FROM chosen_article)
GROUP BY author ORDER BY articles DESC, author
