"""What a night brought, told to people: on the terminal, in the Prefect UI, and by ``commentariat status``."""

from flows.report.markdown import as_markdown
from flows.report.summary import FEW_EXPLAINED, Summary, summarise
from flows.report.terminal import print_summary

__all__ = ["FEW_EXPLAINED", "Summary", "as_markdown", "print_summary", "summarise"]
