"""Answers of people in a browser: the content of the pages, and that an answer once given is never lost."""

from __future__ import annotations

import http.client
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from commentariat import InputError
from flows.explorer.answering import Asking
from flows.explorer.snapshots import Snapshots
from tasks.review.exchange import write_records
from tasks.review.questions import Question, read_questions
from tasks.review.sample import Wanted, draw
from tests.flows.explorer.conftest import Answer, RunningServer, started
from tests.warehouse import nights
from tests.warehouse.copies import copied
from warehouse import Warehouse, connect
from warehouse.annotations.annotation import Annotation, Draw
from warehouse.annotations.inbox import Inbox
from warehouse.annotations.joining import join_annotations
from warehouse.upkeep.takedown import take_down

SENTENCE = nights.TEXT.index(nights.SENTENCE)
HOSTILE_ARTICLE = nights.hash32(nights.url(9, 0, 0))
MARKED = f"{SENTENCE}-{SENTENCE + len(nights.SENTENCE)}"


def drawn(warehouse: Path, size: int, random_share: float = 0.7) -> Path:
    """Write a file of questions as ``review sample`` does."""
    with connect(warehouse) as reader, reader.pinned():
        sample = draw(reader, Wanted(size=size, name="s", random_share=random_share))
    write_records(sample.questions, warehouse.parent / "questions.jsonl")
    return warehouse.parent / "questions.jsonl"


def asked(warehouse: Path, file: Path) -> list[Question]:
    with connect(warehouse) as reader:
        return read_questions(file, reader)[0]


@pytest.fixture(scope="module")
def review(stored_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    warehouse = copied(stored_once, tmp_path_factory.mktemp("review")).root
    with started(warehouse, "review", "serve", drawn(warehouse, 26)) as server:
        yield server


@pytest.fixture(scope="module")
def questions(review: RunningServer) -> list[Question]:
    return asked(review.warehouse, review.warehouse.parent / "questions.jsonl")


def as_person(server: RunningServer, name: str, path: str) -> Answer:
    cookies = f"commentariat_{server.port}={server.token}; commentariat_name={quote(name)}"
    return server.ask(path, cookie=False, Cookie=cookies)


def question_shown(server: RunningServer, number: int) -> str:
    """Return what the form of a question says about which question it is; empty if there is no form."""
    boxes = as_person(server, "reader", f"/question/{number}").page.cssselect("input[name=question]")
    return boxes[0].get("value") if boxes else ""


def give(server: RunningServer, number: int, **fields: str | list[str]) -> Answer:
    if "question" not in fields:
        fields["question"] = question_shown(server, number)
    body = urlencode(fields, doseq=True)
    headers = {"Content_Type": "application/x-www-form-urlencoded"}
    path, origin = f"/question/{number}", f"http://127.0.0.1:{server.port}"
    return server.ask(path, method="POST", body=body, Origin=origin, **headers)


def kept(server: RunningServer, name: str) -> list[Annotation]:
    return [one for one in Inbox(server.warehouse).waiting() if one.annotator == name]


def test_the_token_lets_a_person_in_and_the_name_is_asked_only_once(review: RunningServer) -> None:
    assert review.ask("/", cookie=False).status == 403
    assert "commentariat review serve" in review.ask("/", cookie=False).text
    for path in ("/", "/question/1", "/answers"):
        assert review.ask(path).headers.get("location") == "/name"
    origin = f"http://127.0.0.1:{review.port}"
    named = review.ask("/name", method="POST", body=urlencode({"name": "  Ada  Łukasz "}), Origin=origin)
    assert (named.status, named.headers["location"]) == (303, "/")
    cookie = named.headers["set-cookie"]
    assert quote("Ada Łukasz") in cookie and "HttpOnly" in cookie and "samesite=strict" in cookie.lower()
    assert as_person(review, "Ada Łukasz", "/").headers["location"] == "/question/1"
    assert "Ada Łukasz" in as_person(review, "Ada Łukasz", "/question/1").text


def test_a_page_shows_one_piece_and_one_question_and_no_answer_of_a_model(
    review: RunningServer, questions: list[Question]
) -> None:
    for number, question in enumerate(questions, start=1):
        answer = as_person(review, "reader", f"/question/{number}")
        assert answer.shown("h1") == [question.statement]
        with connect(review.warehouse) as reader:
            (row,) = reader.query(
                "SELECT title, text FROM article_text JOIN article USING (article_id, revision, month) "
                f"WHERE article_id = '{question.article_id}' AND revision = {question.revision}"
            ).to_pylist()
        assert answer.page.cssselect("h2")[0].text_content() == row["title"]
        sentences = answer.page.cssselect(".sentence")
        values = [box.get("value") for box in answer.page.cssselect("input[name=sentence]")]
        assert [one.text_content() for one in sentences] == [
            row["text"][int(start) : int(end)] for start, end in (value.split("-") for value in values)
        ]
        assert not answer.page.cssselect("input[name=answer][checked]")
        assert not answer.page.cssselect(".stance, mark, .chances, .certainty, script:not([src])")
        assert not re.search("certainty|probab", answer.text)
        assert "<script>alert" not in answer.text
    assert HOSTILE_ARTICLE in {question.article_id for question in questions}


def plain_question(questions: list[Question]) -> int:
    """Return the number of a question that was drawn by chance, about an ordinary article."""
    return next(
        n
        for n, one in enumerate(questions, start=1)
        if one.draw.sampled_by == "random" and one.revision == 1 and one.article_id != HOSTILE_ARTICLE
    )


def test_an_answer_is_on_disk_before_the_next_question_also_while_a_night_holds_the_warehouse(
    review: RunningServer, questions: list[Question]
) -> None:
    number = plain_question(questions)
    with Warehouse(review.warehouse).writing(run_id="night-7", flow="nightly"):
        fields = {"given": "1", "answer": "against", "sentence": [MARKED], "note": "Über\r\nzwei "}
        answer = give(review, number, who="mo", **fields)
        (mine,) = kept(review, "mo")
    assert answer.status == 303 and answer.headers["location"].endswith(f"?kept={number}")
    question = questions[number - 1]
    assert (mine.article_id, mine.revision, mine.target, mine.statement_hash) == question.key
    assert (mine.statement, mine.answer, mine.note) == (question.statement, "against", "Über\nzwei")
    assert mine.sentences == ((SENTENCE, SENTENCE + len(nights.SENTENCE)),)
    assert mine.is_blind is True and mine.draw == question.draw and mine.draw.sampling_weight is not None
    shown = as_person(review, "mo", answer.headers["location"])
    assert shown.shown("#main .note")[0] == f"Kept: Against, to question {number}. Change it"
    again = as_person(review, "mo", f"/question/{number}").page
    assert [box.get("value") for box in again.cssselect("input[checked]:not(#single)")] == [MARKED, "against"]
    assert again.cssselect("textarea")[0].text == "Über\nzwei"


def test_a_part_of_a_sentence_that_was_marked_elsewhere_is_shown_as_its_sentence(
    review: RunningServer, questions: list[Question]
) -> None:
    number = plain_question(questions)
    question = questions[number - 1]
    part = ((SENTENCE + 3, SENTENCE + 9),)
    answer = Annotation(
        **question.key._asdict(), statement="S.", annotator="fay", answer="favor", sentences=part
    )
    Inbox(review.warehouse).keep([answer])
    shown = as_person(review, "fay", f"/question/{number}").page
    assert [box.get("value") for box in shown.cssselect("input[name=sentence][checked]")] == [MARKED]


def test_a_form_sent_twice_is_stored_once_and_a_changed_answer_is_stored_too(
    review: RunningServer,
) -> None:
    for answer in ("favor", "favor", "neutral"):
        assert give(review, 2, who="ada", given="2", answer=answer).status == 303
    assert len({one.annotation_id for one in kept(review, "ada")}) == 2
    page = as_person(review, "ada", "/answers")
    row = page.shown("table.given tbody tr")
    assert len(row) == 1 and row[0].endswith("Takes no side")
    waiting = {answer.annotation_id for answer in Inbox(review.warehouse).waiting()}
    assert f"{len(waiting)} answers of all people wait on disk" in page.text


def test_all_people_get_the_same_questions_and_each_continues_at_their_place(review: RunningServer) -> None:
    for who, numbers in (("bo", (1, 2, 4)), ("cy", (1,))):
        for number in numbers:
            give(review, number, who=who, given="3", answer="skip")
    assert as_person(review, "bo", "/").headers["location"] == "/question/3"
    assert as_person(review, "cy", "/").headers["location"] == "/question/2"
    assert as_person(review, "dee", "/").headers["location"] == "/question/1"
    assert give(review, 3, who="bo", given="3", answer="skip").headers["location"] == "/question/5?kept=3"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"who": "eve", "answer": ""}, "no answer was chosen"),
        ({"who": "eve", "answer": "unsure"}, "no answer was chosen"),
        ({"who": " ", "answer": "favor"}, "say who answers"),
        ({"who": "e" * 201, "answer": "favor"}, "say who answers"),
        ({"who": "eve", "answer": "favor", "sentence": "0-1"}, "the text has no sentence"),
        ({"who": "eve", "answer": "favor", "note": "n" * 4_001}, "the note is longer"),
    ],
)
def test_an_impossible_answer_is_refused_with_a_message_and_not_stored(
    review: RunningServer, fields: dict[str, str], message: str
) -> None:
    answer = give(review, 1, given="4", **fields)
    assert answer.status == 400 and message in answer.text
    assert kept(review, "eve") == []


def test_another_site_and_a_client_without_the_token_cannot_answer(review: RunningServer) -> None:
    body = urlencode({"who": "mallory", "given": "5", "answer": "favor"})
    for origin, cookie in (
        ("http://attacker.example", True),
        ("null", True),
        (f"http://127.0.0.1:{review.port}", False),
    ):
        refused = review.ask("/question/1", method="POST", body=body, cookie=cookie, Origin=origin)
        assert refused.status == 403
    assert review.ask("/question/1", method="POST", body=body).status == 403, "no origin is told"
    assert kept(review, "mallory") == []
    assert give(review, 99, who="mallory", given="5", answer="favor").status == 404


def taken_down(warehouse: Path, question: Question) -> None:
    """Take down the article of a question."""
    with connect(warehouse) as reader:
        (row,) = reader.query(
            f"SELECT url FROM article WHERE article_id = '{question.article_id}' AND revision = {question.revision}"
        ).to_pylist()
    with Warehouse(warehouse).writing(run_id="t", flow="takedown") as writer:
        take_down(writer, reason="Asked for.", urls=[row["url"]])


def test_a_page_of_an_earlier_start_gives_no_answer_to_another_question(own: Path) -> None:
    warehouse = own
    file = drawn(warehouse, 26)
    questions = asked(warehouse, file)
    number, other = next(
        (n, one) for n, one in enumerate(questions, start=1) if one.article_id != questions[0].article_id
    )
    with started(warehouse, "review", "serve", file) as server:
        before = question_shown(server, number)
    taken_down(warehouse, questions[0])
    with started(warehouse, "review", "serve", file) as server:
        refused = give(server, number, who="mo", given="7", answer="favor", question=before)
        assert refused.status == 400 and f"question {number} is another one now" in refused.text
        assert kept(server, "mo") == []
        now = next(n for n, one in enumerate(asked(warehouse, file), start=1) if one.key == other.key)
        assert give(server, now, who="mo", given="8", answer="favor", question=before).status == 303
        assert [one.article_id for one in kept(server, "mo")] == [other.article_id]


def test_a_piece_that_was_taken_down_is_shown_to_nobody_and_not_asked_again(
    own: Path, tmp_path: Path
) -> None:
    warehouse = own
    file = drawn(warehouse, 26)
    before = asked(warehouse, file)
    first = before[0]
    with started(warehouse, "review", "serve", file) as server:
        is_first = question_shown(server, 1)
        assert give(server, 1, who="mo", given="5", answer="favor", note="A zeppelin.").status == 303
        assert "A zeppelin." in as_person(server, "mo", "/answers").text
        taken_down(warehouse, first)
        assert "A zeppelin." not in as_person(server, "mo", "/answers").text
        gone = as_person(server, "mo", "/question/1")
        assert gone.status == 404 and gone.shown("h1") == ["This article is no longer stored"]
        assert nights.SENTENCE not in gone.text
        assert give(server, 1, who="mo", given="6", answer="favor", question=is_first).status == 404
        assert as_person(server, "mo", "/").headers["location"] == "/question/2"
        for number in range(1, len(before) + 1):
            give(server, number, who="mo", given="7", answer="skip")
        left = sum(one.article_id != first.article_id for one in before)
        (heading,) = as_person(server, "mo", "/answers").shown("h1")
        assert heading.startswith(
            f"{left} of {len(before)} questions answered; the other {len(before) - left} "
        )
    with connect(warehouse) as reader:
        questions, left_out = read_questions(file, reader)
    assert left_out >= 1 and first not in questions
    with pytest.raises(InputError, match="no question in it"), connect(warehouse) as reader:
        (tmp_path / "empty.csv").write_text("article_id,target\n")
        read_questions(tmp_path / "empty.csv", reader)


def test_an_answer_is_found_until_it_is_published_and_so_is_one_of_another_program(own: Path) -> None:
    warehouse = own
    questions, inbox = asked(warehouse, drawn(warehouse, 26)), Inbox(warehouse)

    def answer(number: int) -> Annotation:
        question = questions[number - 1]
        return Annotation(
            **question.key._asdict(), statement="S.", annotator="ada", answer="favor", draw=question.draw
        )

    with (
        closing(Snapshots(warehouse)) as snapshots,
        Warehouse(warehouse).writing(run_id="night-7", flow="nightly") as writer,
    ):
        asking = Asking(snapshots, questions)
        assert asking.next_for("ada") == 1
        inbox.keep([answer(1)])
        assert asking.next_for("ada") == 2, "another program has stored it"
        join_annotations(writer)
        assert inbox.is_empty
        assert [Asking(snapshots, questions).next_for("ada"), asking.next_for("ada")] == [2, 2]
        inbox.keep([answer(2)])
        writer.publish()
        assert asking.next_for("ada") == 3 and inbox.waiting() == [asking.answers_of("ada")[2]]
        writer.finish("the end")
        writer.publish()
        assert asking.next_for("ada") == 3 and inbox.waiting() == []


def test_an_earlier_answer_to_a_question_that_is_drawn_at_random_belongs_to_the_new_sample_too(
    own: Path,
) -> None:
    questions, inbox = asked(own, drawn(own, 26, random_share=1)), Inbox(own)
    key, doubtful = questions[0].key, Draw("least_certain", "s1")
    inbox.keep([Annotation(**key._asdict(), statement="S.", annotator="ada", answer="favor", draw=doubtful)])
    with closing(Snapshots(own)) as snapshots:
        asking = Asking(snapshots, questions)
        assert [asking.next_for("ada"), asking.next_for("ada"), asking.next_for("mo")] == [2, 2, 1]
        assert [answer.draw for answer in inbox.waiting()] == [doubtful, questions[0].draw]
        assert {(answer.annotator, answer.answer) for answer in inbox.waiting()} == {("ada", "favor")}


def test_two_people_answer_at_once_the_server_is_killed_and_nothing_is_lost(tmp_path: Path) -> None:
    """Two hundred answers are given. Acknowledged ones survive the kill, and both people continue at their place."""
    warehouse = tmp_path / "warehouse"
    with Warehouse(warehouse).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("0001", nights.batch(1, 0, articles=50))
        writer.publish()
    file = drawn(warehouse, 100, random_share=1)
    acknowledged: dict[str, set[int]] = {"ada": set(), "bo": set()}
    enough = threading.Semaphore(0)

    def answer_all(server: RunningServer, who: str) -> None:
        """Follow the server from question to question, as a browser does; stop when the server has ended."""
        number, choices = 1, ("favor", "against", "neutral", "not_about", "skip")
        while True:
            try:
                given = {"who": who, "given": f"{who}{number}", "answer": choices[number % 5]}
                answer = give(server, number, **given)
            except (OSError, http.client.HTTPException):
                return
            assert answer.status == 303, answer.text
            acknowledged[who].add(number)
            enough.release()
            following = re.fullmatch(r"/question/(\d+)\?kept=\d+", answer.headers["location"])
            if following is None:
                return
            number = int(following[1])

    def both(server: RunningServer, kill_after: int | None) -> None:
        people = [threading.Thread(target=answer_all, args=(server, who)) for who in acknowledged]
        for person in people:
            person.start()
        if kill_after is not None:
            for _ in range(kill_after):
                assert enough.acquire(timeout=120)
            server.process.kill()
        for person in people:
            person.join()

    with started(warehouse, "review", "serve", file) as server:
        both(server, kill_after=60)
        server.process.wait()
    before = {who: set(numbers) for who, numbers in acknowledged.items()}
    assert 60 <= sum(map(len, before.values())) < 200
    with started(warehouse, "review", "serve", file) as server:
        for who, numbers in before.items():
            shown = as_person(server, who, "/answers").shown("table.given tbody th")
            assert numbers <= {int(number) for number in shown}
            assert len(shown) <= len(numbers) + 1, "at most the one that was on its way when the kill came"
        both(server, kill_after=None)
        assert "All 100 questions are answered" in as_person(server, "ada", "/answers").text
        server.process.send_signal(signal.SIGINT)
        server.process.wait()
        assert server.process.stdout is not None
        assert "200 answers added" in server.process.stdout.read()
    assert Inbox(warehouse).is_empty, "with Ctrl-C they join the warehouse"
    with connect(warehouse) as reader:
        counts = reader.query(
            "SELECT annotator, count(*) AS n FROM current_annotation GROUP BY ALL"
        ).to_pylist()
    assert sorted((row["annotator"], row["n"]) for row in counts) == [("ada", 100), ("bo", 100)]
    with Warehouse(warehouse).writing(run_id="x", flow="review") as writer:
        assert join_annotations(writer).answers == 0
