"""The main page: the filter, the stances of the chosen articles, their dates and authors, and the list of articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import ceil
from typing import Any

from flows.explorer.charts import last_day, over_time, unit_of, with_bars, with_lengths
from flows.explorer.filters import Filter
from flows.explorer.snapshots import Snapshots, first_rows_of
from flows.explorer.view_sql import PAGE, view_sql
from warehouse import Reader
from warehouse.querying.plain_values import Row, query_rows
from warehouse.search.index import refuse_unsearchable

_SHOWN = 8
"""Rows that a chart shows; the download has all rows."""

VIEWS = ("articles", "answers", "stances", "over_time", "by_outlet", "by_topic", "by_author")
"""Names of the views whose rows can be downloaded and whose SQL can be saved."""


def overview(snapshots: Snapshots, reader: Reader, chosen: Filter) -> dict[str, Any]:
    """Gather the contents of the main page.

    Raises
    ------
    InputError
        When the words of the filter cannot be searched for.
    """
    _refuse_unsearchable_words(reader, chosen)
    held = chosen.narrows_answers or bool(chosen.words)
    if held:
        reader.query(view_sql("hold", chosen))
    sql = {"counts": view_sql("counts", chosen)}
    (counts,) = query_rows(reader, view_sql("counts", chosen, held=held))
    oldest, newest = (_day(counts[name]) for name in ("oldest", "newest"))
    counts |= {"oldest": oldest, "newest": newest}
    unit = unit_of(oldest, newest)
    # A bookmark, or a page that was opened before a takedown, may name a page after the last one.
    chosen = replace(chosen, page=min(chosen.page, max(1, ceil(counts["articles"] / PAGE))))
    window = {"limit": PAGE, "offset": (chosen.page - 1) * PAGE}
    sql |= {name: view_sql(name, chosen, unit=unit) for name in VIEWS}
    sql["articles"] = view_sql("articles", chosen, **window)
    run = {name: view_sql(name, chosen, unit=unit, held=held) for name in VIEWS}
    run["articles"] = view_sql("articles", chosen, **window, held=held)
    content: dict[str, Any] = {
        "chosen": chosen,
        "counts": counts,
        "unit": unit,
        "sql": sql,
        "page_size": PAGE,
    }
    content["choices"] = snapshots.choices(reader)
    content["statements"] = {r["value"]: r["label"] for r in content["choices"] if r["field"] == "targets"}
    if not counts["articles"]:
        return content | {"nearby": _nearby(reader, chosen)}
    stances = query_rows(reader, run["stances"])
    content["stances"], content["more_stances"] = with_bars(stances[:30]), len(stances) - 30
    if _holds_all_of_a_target(chosen):
        sql["corrected"] = view_sql("corrected")
        corrected, content["error_rate"] = snapshots.corrected(reader)
        shown = set(chosen.targets) or corrected.keys()
        content["corrected"] = {target: corrected[target] for target in corrected.keys() & shown}
    content["over_time"] = over_time(query_rows(reader, run["over_time"]), unit)
    for name in ("by_outlet", "by_topic", "by_author"):
        rows, number_of_all = first_rows_of(reader, run[name], _SHOWN)
        drawn = with_bars(rows) if name == "by_outlet" and chosen.target else with_lengths(rows)
        content[name], content[f"all_{name}"] = drawn, number_of_all
    content["articles"] = _listed(reader, chosen, sql, query_rows(reader, run["articles"]))
    content["last_day"] = lambda began: last_day(began, unit)
    return content


def _refuse_unsearchable_words(reader: Reader, chosen: Filter) -> None:
    if chosen.words:
        refuse_unsearchable(reader.root, chosen.words)


def _holds_all_of_a_target(chosen: Filter) -> bool:
    """Say whether the filter selects all articles that speak about a chosen target, with all of their stances."""
    return replace(chosen, targets=()).is_whole


def written(name: str, chosen: Filter, reader: Reader) -> str:
    """Write the SQL of a view that can be downloaded or saved: it gives all rows, not only those of one page.

    Raises
    ------
    InputError
        When the words of the filter cannot be searched for.
    """
    _refuse_unsearchable_words(reader, chosen)
    (counts,) = query_rows(reader, view_sql("counts", chosen)) if name == "over_time" else ({},)
    oldest, newest = (_day(counts.get(end)) for end in ("oldest", "newest"))
    return view_sql(name, chosen, unit=unit_of(oldest, newest))


def _listed(reader: Reader, chosen: Filter, sql: dict[str, str], rows: list[Row]) -> list[Row]:
    """List the articles of a page, each with its answers, and with evidence if the filter names answers."""
    if not rows:
        return []
    shown = {"article_ids": [row["article_id"] for row in rows]}
    sql["answers_shown"] = view_sql("answers_shown", chosen, **shown)
    answers: dict[str, list[Row]] = {}
    for answer in query_rows(reader, sql["answers_shown"]):
        answers.setdefault(answer["article_id"], []).append(answer)
    sentences: dict[str, Row] = {}
    if chosen.narrows_answers:
        months = sorted({row["month"] for row in rows})
        sql["evidence_shown"] = view_sql("evidence_shown", chosen, **shown, months=months)
        sentences = {row["article_id"]: row for row in query_rows(reader, sql["evidence_shown"])}
    return [
        row | {"answers": answers.get(row["article_id"], []), "evidence": sentences.get(row["article_id"])}
        for row in rows
    ]


def _nearby(reader: Reader, chosen: Filter) -> list[Row]:
    """Count the articles without each part of the filter, for a page on which nothing is found."""
    fields = ("words", "targets", "stances", "outlets", "authors", "topics", "since", "until")
    whole, nearby = Filter(), []
    for field in fields:
        if getattr(chosen, field) != getattr(whole, field):
            wider = replace(chosen, page=1, **{field: getattr(whole, field)})
            (counts,) = query_rows(reader, view_sql("counts", wider))
            nearby.append({"field": field, "address": wider.address(), "articles": counts["articles"]})
    return nearby


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
