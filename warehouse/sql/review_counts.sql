-- How many questions have people answered, and for how many of them is one answer the most frequent one?
SELECT count(*) AS n, count(answer) AS agreed FROM gold_answer
