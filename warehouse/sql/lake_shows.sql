-- What did the last snapshot of a DuckLake that this author ($author) made say about itself? It names the commit.
SELECT commit_extra_info FROM ducklake_snapshots('lake') WHERE author = $author ORDER BY snapshot_id DESC LIMIT 1
