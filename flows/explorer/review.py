"""The pages on which people answer: one article and one question at a time, without any answer of a model."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote, unquote
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from commentariat import InputError
from flows.explorer.answering import Asking, name_of
from flows.explorer.article_page import NotStoredError
from flows.explorer.guard import Tokens
from flows.explorer.guarded import form_items, guarded
from flows.explorer.pages import page
from warehouse.annotations.annotation import LONGEST_NAME, LONGEST_NOTE, Annotation, Answer, id_of

CHOICES = (
    ("favor", "In favor", "f"),
    ("against", "Against", "a"),
    ("neutral", "Takes no side", "n"),
    ("not_about", "Not about this", "o"),
    ("skip", "Skip: I cannot tell", "s"),
)
"""The answers, their names on the page, and the keys that choose them."""

_IN_WORDS = {answer: words for answer, words, _ in CHOICES}
_COOKIE = "commentariat_name"
_YEAR_SECONDS = 365 * 24 * 3600


def review_application(asking: Asking, *, port: int, tokens: Tokens) -> ASGIApp:
    """Make the application that asks people questions."""
    routes = [
        Route("/", _start),
        Route("/name", _name),
        Route("/name", _named, methods=["POST"]),
        Route("/question/{number:int}", _question),
        Route("/question/{number:int}", _answered, methods=["POST"]),
        Route("/answers", _answers),
    ]
    command = "commentariat review serve"
    return guarded(routes, port=port, tokens=tokens, command=command, home="The next question", asking=asking)


def _start(request: Request) -> Response:
    name = _who(request)
    return _to("/name") if name is None else _to_next(_asking(request), name)


def _name(request: Request) -> Response:
    return page("name.html", name=_who(request) or "", longest=LONGEST_NAME)


async def _named(request: Request) -> Response:
    """Remember the person who answers in this browser, also after a restart of the server."""
    name = name_of(dict(await form_items(request)).get("name", ""))
    answer = _to("/")
    answer.set_cookie(
        _COOKIE, quote(name, safe=""), max_age=_YEAR_SECONDS, httponly=True, samesite="strict", path="/"
    )
    return answer


def _question(request: Request) -> Response:
    name = _who(request)
    if name is None:
        return _to("/name")
    asking, number = _asking(request), request.path_params["number"]
    question = asking.question(number)
    try:
        to_read = asking.article(number)
    except NotStoredError:
        return page("gone.html", status=404, number=number, name=name)
    answers = asking.answers_of(name)
    mine = answers.get(number)
    return page(
        "question.html",
        name=name,
        number=number,
        of=len(asking.questions),
        answered=len(answers),
        question=question,
        question_id=id_of(*question.key),
        article=to_read.article,
        paragraphs=to_read.paragraphs,
        mine=mine,
        chosen=to_read.marked(mine.sentences) if mine else set(),
        choices=CHOICES,
        given=uuid4().hex,
        longest=LONGEST_NOTE,
        kept=_kept(request, asking, name),
    )


async def _answered(request: Request) -> Response:
    items = await form_items(request)
    return await run_in_threadpool(_keep, _asking(request), request.path_params["number"], items)


def _keep(asking: Asking, number: int, items: list[tuple[str, str]]) -> Response:
    """Store an answer, then show the next question; the browser goes on only when the answer is on disk.

    A form that is sent twice, because the first time seemed to fail, is stored once.
    """
    given = dict(items)
    name = name_of(given.get("who", ""))
    answer = given.get("answer", "")
    if answer not in _IN_WORDS:
        raise InputError(
            "no answer was chosen: go back and choose one; you can also choose to skip the question"
        )
    question = asking.question(number)
    if given.get("question") != id_of(*question.key):
        raise InputError(
            f"question {number} is another one now, because the program was started again meanwhile: "
            "open it again, and answer it there"
        )
    to_read = asking.article(number)
    sentences = to_read.chosen([value for field, value in items if field == "sentence"])
    note = given.get("note", "").replace("\r\n", "\n").strip() or None
    parts = (given.get("given", ""), *question.key, name, answer, sentences, note)
    annotation = Annotation(
        **question.key._asdict(),
        statement=question.statement,
        annotator=name,
        answer=cast("Answer", answer),  # as was checked above
        sentences=sentences,
        note=note,
        is_blind=True,
        draw=question.draw,
        annotation_id=id_of(*parts),
    )
    asking.keep(annotation)
    return _to_next(asking, name, number)


def _answers(request: Request) -> Response:
    """List the answers of a person, each with a link to its question."""
    name = _who(request)
    if name is None:
        return _to("/name")
    asking = _asking(request)
    answers = asking.answers_of(name)
    rows = [
        {"number": number, "statement": asking.question(number).statement, "answer": _IN_WORDS[answer.answer]}
        | {"note": answer.note, "sentences": len(answer.sentences)}
        for number, answer in sorted(answers.items())
    ]
    return page(
        "answers.html",
        name=name,
        rows=rows,
        of=len(asking.questions),
        next=asking.next_for(name),
        waiting=len({answer.annotation_id for answer in asking.waiting()}),  # a form may be sent twice
        kept=_kept(request, asking, name),
    )


def _kept(request: Request, asking: Asking, name: str) -> dict[str, Any] | None:
    """Give the answer that was stored just now, if this person has given one to the question that the address names."""
    given = request.query_params.get("kept", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    mine = asking.answers_of(name).get(number)
    return {"number": number, "answer": _IN_WORDS[mine.answer]} if mine else None


def _to_next(asking: Asking, name: str, kept: int = 0) -> Response:
    number = asking.next_for(name, kept)
    place = "/answers" if number is None else f"/question/{number}"
    return _to(f"{place}?kept={kept}" if kept else place)


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303)


def _who(request: Request) -> str | None:
    """Give the name of the person who answers in this browser; None if no name has been entered yet."""
    try:
        return name_of(unquote(request.cookies.get(_COOKIE, "")))
    except InputError:
        return None


def _asking(request: Request) -> Asking:
    asking: Asking = request.app.state.asking
    return asking
