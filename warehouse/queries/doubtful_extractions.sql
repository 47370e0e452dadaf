-- Which articles should a person check, because the stored text may be incomplete or contain more than the article?
-- Empty: no extraction is doubtful.
SELECT quality, outlet, title, word_count, url FROM article
WHERE is_current AND quality < 0.7 ORDER BY quality, url LIMIT 50
