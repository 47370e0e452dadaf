"""Texts without a page: plain text, Markdown, Nexis documents, and texts of tables."""
