-- Which articles should a person look at, because the text may not be the whole text or more than the text?
-- Empty: no extraction is doubtful.
SELECT quality, outlet, title, word_count, url FROM article
WHERE is_current AND quality < 0.7 ORDER BY quality, url LIMIT 50
