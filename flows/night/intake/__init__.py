"""Due work becomes pages and texts: discovery, the due work, micro-batches, fetching and extraction."""
