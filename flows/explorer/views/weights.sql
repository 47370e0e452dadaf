-- Which weights gave the answers that count, without those of a second model? Weights with most answers come first.
SELECT m.weights_version
FROM stance s JOIN model m USING (model_version)
WHERE s.is_current AND m.asked_with IS NULL
GROUP BY m.weights_version
ORDER BY count(*) DESC, m.weights_version
