"""What a run works with and does: it is opened, takes in, scores, and asks what has never been asked."""
