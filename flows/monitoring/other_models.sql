-- Which models besides the one configured last have answers that count? Second models are left out.
SELECT model.name, model.model_version, count(*) AS answers
FROM stance JOIN model USING (model_version)
WHERE stance.is_current AND NOT model.is_current AND model.asked_with IS NULL
GROUP BY ALL
ORDER BY answers DESC, model.model_version;
