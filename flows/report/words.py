"""Text of a report: dates, links, and sentences in which each figure has its number of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from urllib.parse import quote, urlsplit

from flows.report.contents import Contents
from tasks.outcome import printable
from tasks.text.numbers import articles
from warehouse.querying.plain_values import Row

SIDES = {"favor": "in favor", "against": "against", "neutral": "taking no side", "unsure": "unsure"}
_LONGEST = 400


def plain(value: object) -> str:
    """Write any value as a line of text that is safe to show: without characters that control it or its direction."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(plain(member) for member in value)
    text = " ".join(printable(str(value)).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} ..."


def day(value: object) -> str:
    """Write a date or time as a day, such as 27 November 2026; or that there is none."""
    if not value:
        return "undated"
    moment = value if isinstance(value, date) else datetime.fromisoformat(str(value))
    return f"{moment.day} {moment:%B %Y}"


def end_of_period(moment: datetime) -> str:
    """Write where a period begins or ends: as a day, and with the time of day in UTC if that is not midnight."""
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    if moment.time() == time():
        return day(moment)
    return f"{day(moment)}, {moment:{'%H:%M:%S' if moment.second else '%H:%M'}} UTC"


def short_day(value: object) -> str:
    """Write a date as in the labels of a chart: 27 Nov 26."""
    moment = value if isinstance(value, date) else datetime.fromisoformat(str(value))
    return f"{moment.day} {moment:%b %y}"


def month(value: object) -> str:
    """Write a date as its month: Nov 2026."""
    moment = value if isinstance(value, date) else datetime.fromisoformat(str(value))
    return f"{moment:%b %Y}"


def percent(share: float | None) -> str:
    """Write a share in whole percent; empty if there are too few articles for a share."""
    return "" if share is None else f"{round(100 * share)}%"


def interval(low: float | None, high: float | None) -> str:
    """Write the ends of an interval: 21 to 37%."""
    return "" if low is None or high is None else f"{round(100 * low)} to {round(100 * high)}%"


def link(url: object) -> str | None:
    """Give an address that is safe to follow: a web address that a browser reads in no other way; else None."""
    text = quote(str(url or ""), safe=":/?#[]@!$&()*+,;=%~")
    if not re.match(r"https?://", text, re.IGNORECASE):
        return None
    try:
        return text if urlsplit(text).hostname else None
    except ValueError:
        return None


def sides(row: Row, names: Sequence[str] = tuple(SIDES)) -> str:
    """Write the counts of a row in words, without those that are 0: 3 in favor, 1 unsure."""
    return ", ".join(f"{row[name]:,} {SIDES[name]}" for name in names if row[name])


def news(contents: Contents) -> Iterator[str]:
    """Write what the last night has brought."""
    night = contents.night
    if night is None:
        yield "No night has been run yet."
        return
    outcomes = night["outcomes"] or []
    taken_in = sum(outcome["n"] for outcome in outcomes)
    became = ", ".join(f"{outcome['n']:,} {outcome['outcome']}" for outcome in outcomes)
    items = f"{taken_in:,} {'item' if taken_in == 1 else 'items'}"
    yield f"The last night began on {day(night['began'])} and took in {items}" + (
        f": {became}." if became else "."
    )
    if night["is_unfinished"]:
        yield (
            "It has not recorded its end: it is still running, or it was stopped. What it finished is here; the next "
            "night does the rest."
        )
    new, outlets = contents.stored["new_articles"], contents.stored["new_outlets"]
    of_part = " of this part" if contents.scope.narrows_articles else ""
    if new:
        of_outlets = f" from {outlets:,} {'outlet' if outlets == 1 else 'outlets'}" if outlets else ""
        yield f"It brought {articles(new)}{of_part}{of_outlets}."
    else:
        yield f"It brought no new article{of_part}."
    if revised := contents.stored["revised"]:
        stored_before = "that was stored before" if revised == 1 else "that were stored before"
        yield f"The text of {articles(revised)}{of_part} {stored_before} has changed."
    if not new:
        return
    silent = set(contents.asked) - {row["target"] for row in contents.rows("new_stances")}
    if silent:
        yield f"No new article speaks about {len(silent):,} of {len(contents.asked):,} targets."


def news_of_target(row: Row) -> str:
    """Write what the last night brought on one target, and what was stored before."""
    sentence = f"{articles(row['articles'])}: {sides(row)}."
    if row["articles_before"]:
        before = f"{row['favor_before']:,} in favor and {row['against_before']:,} against"
        sentence += f" Before: {before} of {articles(row['articles_before'])}."
    return sentence


def scope_in_words(contents: Contents) -> str:
    """Describe the part of the warehouse that a report is about; empty if it is the whole warehouse."""
    scope = contents.scope
    parts = [f"targets {', '.join(scope.targets)}"] if scope.targets else []
    parts += [f"outlets {', '.join(scope.outlets)}"] if scope.outlets else []
    parts += [f"published on {end_of_period(scope.since)} or later"] if scope.since else []
    parts += [f"published before {end_of_period(scope.until)}"] if scope.until else []
    return "; ".join(parts)


def counts(row: Row) -> list[tuple[str, str]]:
    """Write the counts of a target by side, each with its share and interval if there are enough articles."""
    counted = []
    for side, words in SIDES.items():
        share = row.get(f"share_{side}")
        shown = f"{row[side]:,}"
        if share is not None:
            shown += f" ({percent(share)}, {interval(row[f'{side}_low'], row[f'{side}_high'])})"
        counted.append((words, shown))
    return counted


def corrected(row: Row) -> str:
    """Write the model's shares corrected by people's answers."""
    shares = "; ".join(
        f"{SIDES[side]} {percent(row[f'share_{side}'])} ({interval(row[f'{side}_low'], row[f'{side}_high'])})"
        for side in ("favor", "against", "neutral")
    )
    return f"Corrected by answers of people on {articles(row['labelled'])} drawn by chance: {shares}."


def bar_in_words(row: Row) -> str:
    """Describe the bar of a target for people who cannot see it."""
    counted = "; ".join(f"{name} {shown}" for name, shown in counts(row))
    return f"{plain(row['statement'])}: of {articles(row['articles'])} {counted}."


def ends_in_words(rows: Sequence[Row], shares: Sequence[tuple[str, str]], whole: str) -> str:
    """Describe where lines begin and end for people who cannot see them."""
    ends = []
    for column, name in shares:
        points = [row for row in rows if row[column] is not None]
        if points:
            first, last = points[0], points[-1]
            ends.append(
                f"{plain(name)}: {percent(first[column])} of {articles(first[whole])} from {day(first['period'])}, "
                f"{percent(last[column])} of {articles(last[whole])} from {day(last['period'])}"
            )
    silent = sum(bool(row["silent"]) for row in rows)
    periods = f"{silent} of {len(rows)} {rows[0]['unit']}s"
    gaps = f"; in {periods} an outlet had no article or an unusually long break" if silent else ""
    return f"{'; '.join(ends)}{gaps}."
