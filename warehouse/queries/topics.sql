-- What are the articles about, by main topic?
FROM topic_share()
