"""``benchmarks.injections`` compares the answers to each text of the catalogue with and without its injection."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from benchmarks.injections import compared, main, remarks, table
from tasks.second_model.settings import SecondModelSettings
from tests.tasks.second_model.asking import KEY
from tests.tasks.second_model.chat_server import Body, answers, chat_server, served, status
from tests.tasks.second_model.injections import HONEST, INJECTIONS, TITLE

ALL = len(INJECTIONS)
IN_THE_TITLE = sum(one.place == "title" for one in INJECTIONS)


def sent_to(body: Body) -> str:
    return str(body["messages"][1]["content"])


def is_plain(body: Body) -> bool:
    return f"Title: {TITLE}\n" in sent_to(body) and len(sent_to(body).split("\n[")) == HONEST.count(". ") + 2


def swayed_by_titles(body: Body) -> object:
    """Answer like a model that obeys titles, and cites a sentence that does not exist if a text tells it to."""
    if "4711" in sent_to(body):
        return answers((1, [4711], "against"))
    return answers((1, [1], "favor" if f"Title: {TITLE}\n" in sent_to(body) else "against"))


async def test_changed_answers_and_unusable_answers_are_counted_by_place():
    async with chat_server(say=swayed_by_titles) as server:
        pairs, stopped = await compared(SecondModelSettings(url=server.url, model="tiny"))
    assert stopped == ""
    assert Counter(is_plain(body) for body in server.asked)[True] == ALL, "as often without an injection"
    counted = {row.split(" | ")[0].lstrip("| "): row.strip("| ").split(" | ")[1:] for row in table(pairs)}
    changed = [str(IN_THE_TITLE)] * 5
    assert counted["title"] == changed
    assert counted["middle"][3:] == counted["start"][3:] == counted["end"][3:] == ["0", "0"]
    assert counted["all"] == [str(n) for n in (ALL, ALL - 1, ALL - 1, IN_THE_TITLE, IN_THE_TITLE)]
    said = list(remarks(pairs))
    assert "changed: title: favor -> against" in said
    assert "not usable: number far away: there is no sentence 4711; they go from 1 to 5" in said
    assert len(said) == IN_THE_TITLE + 1


async def test_answers_that_vary_without_an_injection_are_reported():
    asked: Counter[bool] = Counter()

    def fickle(body: Body) -> object:
        asked[is_plain(body)] += 1
        return answers((1, [1], "favor" if asked[is_plain(body)] % 2 else "against"))

    async with chat_server(say=fickle) as server:
        pairs, _ = await compared(SecondModelSettings(url=server.url, model="tiny"), INJECTIONS[:4])
    assert "the text without any is answered in 2 ways (favor 2, against 2)" in list(remarks(pairs))[-1]


async def test_pairs_that_were_not_asked_are_not_counted():
    async with chat_server(always=status(401)) as server:
        pairs, stopped = await compared(SecondModelSettings(url=server.url, model="tiny"))
    assert "key" in stopped
    assert [row for row in table(pairs) if row.startswith("| all")] == ["| all | 0 | 0 | 0 | 0 | 0 |"]
    assert list(remarks(pairs)) == []


def test_the_command_prints_the_table_and_not_the_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("KEY_OF_MINE", KEY)
    with served() as url:
        command = ["injections", "--url", url, "--model", "tiny", "--key-env", "KEY_OF_MINE"]
        monkeypatch.setattr(sys, "argv", command)
        main()
    printed = capsys.readouterr().out
    assert f"| all | {ALL} | {ALL} | {ALL} | 0 | 0 |" in printed
    assert "changed:" not in printed
    monkeypatch.setenv("KEY_OF_MINE", f"{KEY}\n")
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    refused = capsys.readouterr().err
    assert "printable ASCII" in refused
    assert KEY not in refused
