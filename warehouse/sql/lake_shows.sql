-- What do the snapshots of a DuckLake that this author ($author) made say about themselves, the last one first? They name
-- their commits.
SELECT commit_extra_info FROM ducklake_snapshots('lake') WHERE author = $author ORDER BY snapshot_id DESC
