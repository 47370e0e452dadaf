"""The report: what is stored, as one HTML file that opens from disk and needs neither network nor script."""
