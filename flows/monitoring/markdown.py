"""The summary as Markdown: the artifact that Prefect's UI shows on a run's tab."""

import re
import shlex
from collections.abc import Iterable
from urllib.parse import quote

from flows.monitoring.summary import FEW_EXPLAINED, Summary
from models.interface import ALL_STANCES
from warehouse.exporting.markdown import in_markdown

FAILURES_SHOWN = 50
# Every page of the UI that shows an artifact is two folders deep, and the UI need not be at the root of its server.
_UI = "../.."


def as_markdown(summary: Summary) -> str:
    """Write a run's summary as a Markdown page."""
    parts = [f"# {in_markdown(summary.headline)}"]
    parts += [f"> **Attention:** {in_markdown(warning)}" for warning in summary.warnings]
    parts += [f"> **Other model:** {in_markdown(sentence)}" for sentence in summary.other_models]
    parts += ["## Outcomes", _table(("outcome", "items"), summary.outcomes.items())]
    parts += ["## Main topics of everything stored", _table(("topic", "articles"), summary.topics)]
    parts += [
        "## Stance by target, over everything stored",
        _table(
            ("target", *ALL_STANCES),
            ((target.marked_statement, *target.counts.values()) for target in summary.stances),
        ),
    ]
    if summary.has_few:
        parts.append(FEW_EXPLAINED)
    if summary.second_model:
        parts += [
            "## Second model",
            "\n".join(f"- {in_markdown(sentence)}" for sentence in summary.second_model),
        ]
    if summary.failures:
        shown = summary.failures[:FAILURES_SHOWN]
        parts += [
            "## What failed or cannot be read",
            _table(
                ("source", "url", "outcome", "why"),
                ((f.source, _Link(f.url), f.outcome, f.reason) for f in shown),
            ),
        ]
        if len(summary.failures) > FAILURES_SHOWN:
            parts.append(f"... and {len(summary.failures) - FAILURES_SHOWN} more in table `outcome`.")
    if summary.hosts:
        parts += [
            "## Slowest hosts",
            _table(
                ("host", "items", "median s", "slowest s"),
                ((h.host, h.items, h.median_s, h.slowest_s) for h in summary.hosts),
            ),
        ]
    parts += [
        "## Where to look further",
        f"[Earlier summaries]({_UI}/artifacts/key/night-summary) · "
        f"[each source over time]({_UI}/artifacts/key/night-sources)",
        # Not as links: from a page of a server, browsers open no file of the machine on which they run.
        f"Snapshot: {as_code(str(summary.snapshot))}"
        + (f" · report: {as_code(str(summary.report))}" if summary.report else ""),
        f"Run `{summary.run_id}`. On the machine that has it: "
        + as_code(f"commentariat sql stances -w {shlex.quote(str(summary.warehouse))}"),
    ]
    return "\n\n".join(parts)


def as_list(headline: str, lines: Iterable[str]) -> str:
    """Write lines of text as a Markdown list under a headline; indented lines belong to the one before."""
    items = [f"{line[: -len(line.lstrip())]}- {in_markdown(line)}" for line in lines]
    return "\n".join([f"# {in_markdown(headline)}", "", *items])


def as_code(text: str) -> str:
    """Write text as code, so that Markdown shows it unchanged and it can be copied; ends of lines become spaces."""
    line = " ".join(text.splitlines())
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if line.startswith(("`", " ")) or line.endswith(("`", " ")) else ""
    return f"{fence}{space}{line}{space}{fence}"


def _table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(_cell(value) for value in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


class _Link(str):
    """An address that becomes a link if it is a web address."""


def _cell(value: object) -> str:
    text = in_markdown(str(value))
    if isinstance(value, _Link) and value.startswith(("http://", "https://")):
        address = quote(value, safe=":/?#@!$&'*+,;=%~")
        return f"[{text}]({address})"
    return text
