-- Which of the addresses that are taken down (table gone) have no tombstone yet?
FROM gone ANTI JOIN tombstone USING (article_id)
