"""Characters, paragraphs, dates and languages in texts from outside."""
