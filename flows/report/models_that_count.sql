-- Which models have answers that count, and how many?
SELECT m.name, m.model_version, m.weights_version, m.asked_with IS NOT NULL AS is_second, count(*) AS answers
FROM stance s JOIN model m USING (model_version)
WHERE s.is_current
GROUP BY ALL
ORDER BY answers DESC, model_version
