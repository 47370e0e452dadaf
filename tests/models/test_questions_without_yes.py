"""Questions to which "yes" is no plain answer are recognised, and other targets are not taken for such."""

import pytest

from models.questions_without_yes import has_no_yes, remark_on


@pytest.mark.parametrize(
    "target",
    [
        "Who should pay for the war?",
        "How dangerous is Putin?",
        "  what  should be done about guns ?",
        "In what way is the treaty worse?",
        "The war: who should pay?",
        "Who's to blame?",
        "WHO SHOULD PAY FOR THE WAR?",
        "How should we vote",
        "How dangerous is Putin, do you think?",
        "Where is the limit, do you think?",
        "Gaza: what, if anything, should be done?",
        "What should we do, right?",
        "In what way, if any, is it worse?",
        "Who will win the election",
        "Who should be president",
        "WHO SHOULD BE PRESIDENT",
        "What should Labour do",
        "Which party should win",
        "When will the war end",
        "1. Who should pay?",
        "And who should pay?",
    ],
)
def test_a_question_that_asks_for_more_than_yes_has_no_yes(target: str) -> None:
    assert has_no_yes(target)


@pytest.mark.parametrize(
    "target",
    [
        "Is Trump or Biden the better president?",
        "Is Boris Johnson or Keir Starmer the lesser evil?",
        "Does a tax or a ban do more good?",
        "Is the treaty a triumph or a disaster?",
        "Is he a hero or is he a villain?",
        "Should taxes rise or fall?",
        "Do tariffs help or hurt workers?",
        "Should parents be free to vaccinate or not?",
        "Is the answer yes or no?",
        "Should there be more or less immigration?",
        "Should the United Kingdom remain a member of the European Union or leave the European Union?",
        "Should we stay or go?",
        "Are taxes too high or too low?",
        "Should taxes be raised or lowered?",
        "Whether taxes should be raised or lowered",
        "Is Trump guilty or innocent?",
        "Trump or Harris?",
        "War or peace?",
        "Messi vs Ronaldo?",
        "India v Pakistan?",
        "AI: threat or opportunity?",
        "Is AI a threat or an opportunity for journalism?",
        "Do you think Trump is a fascist or a populist?",
        "Is the state spending too much, too little or about the right amount?",
        "Do you prefer lower taxes or better services?",
        "Would you rather have peace or justice?",
        "Are taxes too high? Should they be cut?",
        "The treaty is a triumph or a disaster. Do you agree?",
        "Do you agree or disagree that the treaty is a triumph or a disaster?",
        "Are you for or against more or less immigration?",
        "Will AI be a blessing or a curse?",
        "Trump is a hero or a villain?",
        "Did Brexit succeed or fail?",
        "Nuclear power is safe, or isn't it?",
    ],
)
def test_the_yes_to_a_choice_does_not_say_which(target: str) -> None:
    assert has_no_yes(target)


@pytest.mark.parametrize(
    "target",
    [
        "Was the war not a mistake?",
        "Should asylum seekers not be deported?",
        "Should they not be deported?",
        "Refugees: should they not be deported?",
        "In hindsight, should we not have invaded Iraq?",
        "Are not all men equal?",
        "Should not every child be fed?",
        "Ought the UK not to rejoin the EU?",
        "Ought we not to tax the rich?",
        "Is the Government Not Doing Enough?",
        "Should the rich not pay more tax?",
        "Should Britain not rejoin the EU?",
        "Can Labour not do better?",
        "Is the government not doing enough?",
    ],
)
def test_the_yes_to_a_denied_question_is_not_plain(target: str) -> None:
    assert has_no_yes(target)


@pytest.mark.parametrize(
    "target",
    [
        "Is nuclear power safe?",
        "Nuclear power: is it safe?",
        "Nuclear power?",
        "WHO funding should be cut?",
        "The pandemic: WHO funding should be cut?",
        "For WHO officials, were the rules too weak?",
        "Wasn't the war a mistake?",
        "Is it not time?",
        "Should not the rich pay more?",
        "Is not enough being done?",
        "Is not voting a form of protest?",
        "Should we not only tax the rich but also help the poor?",
        "Should people who did not vote be fined?",
        "Should all immigrants, legal or illegal, get health care?",
        "Has the West more or less lost the war?",
        "May Day should be abolished?",
        "Are you for or against nuclear power?",
        "Are you for or against more immigration?",
        "Do you agree or disagree that taxes are too high?",
        "Would you support or oppose a carbon tax?",
        "Do you think abortion should or should not be legal?",
        "Do you have a favorable or unfavorable opinion of Trump?",
        "Overall, do you support or oppose a carbon tax?",
        "Do you support or oppose beer or wine taxes?",
        "The treaty is a triumph. Do you agree or disagree?",
        "Should euthanasia be legal or not?",
        "Should euthanasia be legal or not",
        "Should euthanasia be legal, yes or no?",
        "Euthanasia should be legal: agree or disagree?",
        "Taxes are too high. Do you agree or disagree?",
        "Tariffs are a tax, are they not?",
        "Poll: do you support or oppose a carbon tax?",
        "When it comes to guns, is the law too weak?",
        "Should smoking in bars or restaurants be banned?",
        "Is it right or fair that the rich pay more?",
        "Is rebutting offensive or false speech better than suppressing it?",
        "Does having gay friends or relatives shift opinions more than debate does?",
        "What Trump did was wrong",
        "Who governs matters",
        "Who can wait eats better",
        "Who will win will depend on turnout",
        "WHO should be funded",
        "What happened was a crime",
        "What Israel does is self-defence",
        "What should be done is clear",
        "When women work the economy grows",
        "When Will Smith slapped him he was wrong",
        "Which side wins will matter",
        "Which we should regret",
        "What do you think? Write to us.",
        "Bars or restaurants should be closed?",
        "Roe v Wade?",
        "Is the law a threat to a man or a woman?",
        "Is it right to own a gun or a knife in a city?",
        "Do you prefer that bars or restaurants be closed?",
        "Is the law too old or too vague?",
        "Do firms pay whether they check too little or too much?",
        "Should workers be free to stay home or go to the office?",
        "Should parents choose not to vaccinate?",
        "Should firms hire people not born here?",
        "Should America help Ukraine not lose?",
        "Cities should charge drivers",
        "the World Health Organization",
        "NATO",
    ],
)
def test_other_targets_are_no_such_questions(target: str) -> None:
    assert not has_no_yes(target)


@pytest.mark.parametrize(
    "target",
    [
        "Should they not be deported",
        "Should they not be deported.",
        "SHOULD THEY NOT BE DEPORTED",
        '"Should they not be deported?"',
        "Should we not tax the rich?!",
        "Was the war not a mistake",
        "Has the law not failed",
        "Do we need more or less immigration",
        "Can they not be deported",
        "Should taxes rise or fall",
        "Should parents be free to vaccinate or not",
        "Is Trump or Biden the better president",
        '"Who should pay for the war?"',
        '"Who should pay for the war"',
        "«How dangerous is Putin?!»",
    ],
)
def test_a_question_without_a_mark_or_in_quotation_marks_is_recognised_too(target: str) -> None:
    assert has_no_yes(target)


def test_one_remark_names_all_such_targets_once_and_says_what_to_write() -> None:
    remark = remark_on(["Who  pays?", "Tolls", "Who  pays?", "How dangerous is Putin?"])
    assert remark is not None and remark.startswith("'Who pays?', 'How dangerous is Putin?': ")
    assert remark.count("'Who pays?'") == 1 and "Write a statement" in remark


def test_there_is_no_remark_on_statements() -> None:
    assert remark_on(["Tolls are right", "Is nuclear power safe?"]) is None
