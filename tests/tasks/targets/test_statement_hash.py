"""The hash of a target changes with what is asked, and with nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from models import Target, Wording
from tasks.targets.statement_hash import statement_hash

TOLL = Target(id="toll", statement="Cities should charge drivers")


def hash_of(statement: str, *also: Wording) -> str:
    return statement_hash(Target(id="toll", statement=statement, also=also))


@given(st.text(), st.sampled_from([" ", "\n", "\t ", "  "]))
def test_spaces_do_not_change_the_hash_of_a_wording(text: str, space: str):
    words = text.split() or ["x"]
    assert hash_of(space.join(words)) == hash_of(" ".join(words))
    assert hash_of(" ".join([*words, "not"])) != hash_of(" ".join(words))


def test_a_target_of_one_wording_has_the_hash_that_stored_answers_have():
    assert hash_of("Cities should charge drivers") == "9633c2959350ccba"


def test_further_wordings_and_their_denial_are_part_of_what_is_asked():
    tolls, free = Wording("Tolls are good"), Wording("Driving should be free")
    asked = [
        hash_of(TOLL.statement),
        hash_of(TOLL.statement, tolls),
        hash_of(TOLL.statement, tolls, free),
        hash_of(TOLL.statement, tolls, Wording(free.statement, denied=True)),
        hash_of(tolls.statement, Wording(TOLL.statement)),
        hash_of(f"{TOLL.statement} also: {tolls.statement}"),
    ]
    assert len(set(asked)) == len(asked)
    assert hash_of(TOLL.statement, tolls, free) == hash_of(TOLL.statement, free, tolls)


def test_an_added_changed_or_removed_alias_is_another_question():
    def aliased(*aliases: str) -> str:
        return statement_hash(Target(id="toll", statement=TOLL.statement, aliases=aliases))

    assert len({aliased(), aliased("a toll"), aliased("a charge"), aliased("a toll", "a charge")}) == 4
    assert aliased("a  toll", "a charge", " ") == aliased("a charge", "a toll", "a toll")
    assert aliased("", " ") == statement_hash(TOLL) != hash_of(TOLL.statement, Wording("a toll"))
