-- Which answers should a person check first, because the model is least certain?
SELECT target, round(greatest(p_favor, p_against, p_neutral), 3) AS certainty, stance, outlet, title, article_id
FROM current_stance ORDER BY greatest(p_favor, p_against, p_neutral), article_id, target LIMIT 50
