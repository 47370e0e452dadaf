"""A target is tried on a sample: the command prints what the target would find, and stores nothing."""

import hashlib
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.sample import load_corpus
from flows.settings.sections import TargetSettings
from models import Target
from models.interface import TargetStance
from tasks.targets.try_target import FoundArticle, Tried
from tasks.wilson import wilson
from tests.flows.conftest import Command
from tests.warehouse import nights
from warehouse import Warehouse

STATEMENT = "Countries should build new nuclear power plants"
ALSO = "New reactors are worth building"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with pieces about nuclear power and other pieces, all without any answer."""
    pieces = [p for name, p in sorted(load_corpus().pieces.items()) if p.word_count > 300 and not p.copy_of]
    chosen = [p for p in pieces if "nuclear" in " ".join(p.paragraphs)][:3] + pieces[:3]
    assert len(chosen) == 6
    rows = nights.batch(1, 0, articles=6)
    article = rows["article"].to_pylist()
    texts = rows["article_text"].to_pylist()
    for row, text, piece in zip(article, texts, chosen, strict=True):
        text["text"] = "\n".join(piece.paragraphs)
        row |= {"title": piece.title, "published_at": datetime(2026, 11, 1, tzinfo=UTC)}
    path = tmp_path_factory.mktemp("try") / "warehouse"
    with Warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("1", {"article": nights.table(article), "article_text": nights.table(texts)})
        writer.publish()
    return path


def bytes_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_target_is_tried_and_the_warehouse_stays_as_it_is(command: Command, stored: Path) -> None:
    before = bytes_of(stored)
    ended = command("try", STATEMENT, "--also", ALSO, "--alias", "nuclear power", "-w", stored)
    assert ended.code == 0, ended.err
    assert bytes_of(stored) == before
    assert ended.out.startswith("Of 6 articles, of 6 that are stored, ")
    assert f"With {ALSO!r} too: " in ended.out
    assert "For the whole warehouse: about " in ended.out and "6 rows of stances" in ended.out
    lines = ended.out[ended.out.index("[[targets]]") :]
    (read,) = tomllib.loads(lines)["targets"]
    settings = TargetSettings.model_validate(read)
    assert (settings.id, settings.statement) == ("nuclear-power", STATEMENT), "as the bundled sample names it"
    assert settings.statements == (ALSO,) and settings.aliases == ("nuclear power",)


def test_a_sample_is_as_large_as_it_is_asked_to_be(command: Command, stored: Path) -> None:
    ended = command("try", STATEMENT, "--sample", "2", "--show", "0", "-w", stored)
    assert ended.out.startswith("Of 2 articles, of 6 that are stored, ")
    assert "too few to compare the sides" in ended.out


def test_a_question_without_a_yes_is_tried_with_a_remark(command: Command, stored: Path) -> None:
    ended = command("try", "Is coal or gas the better fuel?", "--sample", "1", "-w", stored)
    assert ended.code == 0 and ended.out.startswith("Of 1 articles")
    assert ended.err.startswith("Attention: 'Is coal or gas the better fuel?': no plain yes or no answers")


def test_two_equal_wordings_are_reported(command: Command, stored: Path) -> None:
    ended = command("try", STATEMENT, "--also", STATEMENT, "-w", stored)
    assert ended.code == 2
    assert "occurs more than once" in ended.err


@pytest.mark.parametrize(
    ("wordings", "message"),
    [
        (["No"], "the statement of a target should have at least 3 characters; this one has 2: 'No'"),
        (["No " * 150], "the statement of a target should have at most 300 characters; this one has 449: "),
        (
            [STATEMENT, "--denied", "No"],
            "a further wording of a target should have at least 3 characters; this one has 2: 'No'",
        ),
    ],
    ids=["too short", "too long", "a short further one"],
)
def test_a_wording_that_is_too_short_or_too_long_is_reported(
    command: Command, stored: Path, wordings: list[str], message: str
) -> None:
    ended = command("try", *wordings, "-w", stored)
    assert ended.code == 2
    assert message in ended.err


def test_a_missing_warehouse_is_reported(command: Command, tmp_path: Path) -> None:
    ended = command("try", STATEMENT, "-w", tmp_path / "nowhere")
    assert ended.code == 4 and "there is no warehouse" in ended.err


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 0, 0, 1), (0, 20, 0, 0.161), (10, 100, 0.055, 0.174), (5, 5, 0.566, 1)],
)
def test_a_share_of_a_sample_has_an_interval(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits / max(1, of), of) == pytest.approx((low, high), abs=0.001)


@pytest.mark.parametrize(
    ("found", "sample", "stored", "expected"),
    [
        (5, 16, 16, (5, 5, 5)),
        (0, 3, 3, (0, 0, 0)),
        (0, 0, 0, (0, 0, 0)),
        (100, 200, 100_000, (50_000, 43_143, 56_857)),  # with replacement: 43,136 to 56,864
        (100, 200, 201, (100, 100, 101)),
        (0, 3, 4, (0, 0, 1)),
    ],
)
def test_the_estimate_for_all_articles_knows_which_of_them_were_read(
    found: int, sample: int, stored: int, expected: tuple[int, int, int]
) -> None:
    answer = TargetStance(Target("a", "A toll is fair"), "favor", 0.9, 0.0, 0.0, relevance=0.9, about=True)
    articles = (FoundArticle(None, None, None, answer, ()),) * found
    assert Tried(sample, stored, 1.0, articles, ()).expected == expected


def test_if_all_articles_were_read_their_number_is_no_estimate(command: Command, stored: Path) -> None:
    ended = command("try", STATEMENT, "-w", stored)
    about = ended.out.split("are stored, ")[1].split(" speak")[0]
    assert f"6 rows of stances, of which {about} speak about it" in ended.out
    part = command("try", STATEMENT, "--sample", "5", "-w", stored)
    assert re.search(r"6 rows of stances, of which some \d \(\d to \d\) speak about it", part.out)


@pytest.mark.parametrize(
    ("statement", "target_id", "remarks"),
    [
        (
            "nuclear-power",
            "nuclear-power-",
            ["nuclear-power is the id of a configured target, and is read here"],
        ),
        ("Nuclear power", "nuclear-power-", []),
        (STATEMENT, "nuclear-power", []),
        ("Zoos should be closed", "zoos-should-be-closed", []),
    ],
)
def test_the_lines_of_a_target_fit_into_the_configuration(
    command: Command, stored: Path, tmp_path: Path, statement: str, target_id: str, remarks: list[str]
) -> None:
    """An id that another target has would be refused; a configured target with another wording keeps its id."""
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[[targets]]\nid = "nuclear-power"\nstatement = "{STATEMENT}"\n')
    ended = command("try", statement, "--sample", "1", "--show", "0", "-c", config, "-w", stored)
    assert ended.code == 0, ended.err
    (read,) = tomllib.loads(ended.out[ended.out.index("[[targets]]") :])["targets"]
    assert read["statement"] == statement
    assert re.fullmatch(f"{target_id}[0-9a-f]{{8}}" if target_id.endswith("-") else target_id, read["id"])
    found = [line for line in ended.err.splitlines() if "Attention: " in line]
    assert len(found) == len(remarks)
    for line, remark in zip(found, remarks, strict=True):
        assert line.startswith(f"Attention: {remark}") and line.endswith(f"is {STATEMENT!r}")
