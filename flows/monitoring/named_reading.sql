-- Which first model was configured last, and at which share of right sides?
SELECT reading.name, reading.model_version, reading.stated_right
FROM reading JOIN model USING (model_version)
WHERE model.asked_with IS NULL
ORDER BY reading.rank DESC, reading.model_version DESC
LIMIT 1;
