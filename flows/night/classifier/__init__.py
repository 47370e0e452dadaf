"""Where the classifier runs."""
