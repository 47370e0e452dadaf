"""Where the classifier runs, and whose answers count."""
