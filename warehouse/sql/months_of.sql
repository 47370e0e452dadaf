-- In which months are the revisions of articles in table sought stored?
SELECT article_id, revision, month FROM article SEMI JOIN sought USING (article_id, revision)
