"""The report on the stored articles: one HTML file, which opens from disk and needs no network and no script."""
