-- How many questions have people answered, and on how many of them is there one answer of most?
SELECT count(*) AS n, count(answer) AS agreed FROM gold_answer
