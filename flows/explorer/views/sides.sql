    count(*) AS articles,
    count(*) FILTER (stance = 'favor') AS favor,
    count(*) FILTER (stance = 'against') AS against,
    count(*) FILTER (stance = 'neutral') AS neutral,
    count(*) FILTER (stance = 'unsure') AS unsure
