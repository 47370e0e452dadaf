-- A topic has a rank from 1 and a score that is a probability.
SELECT article_id, topic, rank, score FROM checked.topic
WHERE rank < 1 OR score NOT BETWEEN 0 AND 1 OR isnan(score)
