{% if held %}
WITH chosen_article AS (FROM held_article), current_stance AS (
    FROM main.current_stance{% if narrows_articles %} SEMI JOIN held_article USING (article_id, revision){% endif %}

{% include "answers_chosen.sql" %}
)
{% else %}
WITH found AS (
{% if words %}
    SELECT article_id, revision, published_at, coalesce(outlet, '(unknown)') AS outlet, title, authors, url, month, word_count, score
    FROM search({{ words }})
    WHERE true
{% else %}
    SELECT article_id, revision, published_at, coalesce(outlet, '(unknown)') AS outlet, title, authors, url, month, word_count
    FROM article
    WHERE is_current
{% endif %}
{% if outlets %}
        AND coalesce(outlet, '(unknown)') IN ({{ outlets }})
{% endif %}
{% if since %}
        AND published_at >= {{ since }}
{% endif %}
{% if before %}
        AND published_at < {{ before }}
{% endif %}
{% for author in authors %}
        {{ keyword("AND (" if loop.first else "    OR ") }}{% if author.startswith("=") %}list_contains(authors, {{ author[1:] }}){% else %}contains(lower(array_to_string(authors, '; ')), lower({{ author }})){% endif %}
    {%- if loop.last %})
{% else %}

{% endif %}
{% endfor %}
{% if topics %}
        AND article_id IN (SELECT article_id FROM main_topic WHERE label IN ({{ topics }}))
{% endif %}
), current_stance AS (
    FROM main.current_stance{% if narrows_articles %} SEMI JOIN found USING (article_id, revision){% endif %}

{% include "answers_chosen.sql" %}
), chosen_article AS (
{% if narrows_answers %}
    FROM found SEMI JOIN current_stance USING (article_id)
{% else %}
    FROM found
{% endif %}
)
{% endif %}
