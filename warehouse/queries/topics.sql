-- What are the articles about, by main topic? Shares are of all articles that have a topic of the same taxonomy; no
-- share is given for fewer than 5 articles.
-- Empty: no article has a topic yet.
FROM topic_share()
