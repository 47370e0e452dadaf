"""Headline, authors, dates, outlet and address of an article, as its page states them."""
