"""Texts become committed answers: scores, rows that an audit rejects, and stored articles with due questions."""
