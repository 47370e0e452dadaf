"""Compaction, retention, takedown, and the check of everything that is stored."""
