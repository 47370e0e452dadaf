-- What are the articles of run $run_id about? By their main topic.
SELECT topic, label, count(*) AS n
FROM topic WHERE run_id = $run_id AND rank = 1
GROUP BY topic, label ORDER BY n DESC, topic
