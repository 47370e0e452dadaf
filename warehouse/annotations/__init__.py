"""People's answers about articles: one answer, the inbox where it waits, and its way into the tables."""
