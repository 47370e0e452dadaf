{% if targets and stances %}
    WHERE target IN ({{ targets }}) AND stance IN ({{ stances }})
{% elif targets %}
    WHERE target IN ({{ targets }})
{% elif stances %}
    WHERE stance IN ({{ stances }})
{% endif %}
