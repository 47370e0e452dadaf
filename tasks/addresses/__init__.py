"""Addresses of pages: normal forms, patterns, credentials, and those of articles and of consent pages."""
