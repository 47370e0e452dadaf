-- How many articles and tokens has this night asked a second model about, and when did it begin? For SQLite.
SELECT coalesce(sum(pieces), 0), coalesce(sum(tokens), 0), min(sent_at) FROM request
