-- Which sources are there, as last configured?
SELECT source, kind, location, outlet, language, second_model, since
FROM source
QUALIFY row_number() OVER (PARTITION BY source ORDER BY since DESC) = 1;
