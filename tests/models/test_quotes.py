"""Quoted and reported speech is kept apart from the author's own words."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.quotes import quoted_share, quoted_spans
from tests.models.growth import cpu_seconds


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quoted_spans(text)]


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("Critics say the plan is a disaster. They are wrong.", ["the plan is a disaster."]),
        (
            "According to the ministry, prices will fall. I doubt it.",
            ["According to the ministry, prices will fall."],
        ),
        ("Prices will soon fall, said the minister. We shall see.", ["Prices will soon fall"]),
        ("The minister argued on Tuesday that taxes must rise. No.", ["taxes must rise."]),
        ("Opponents of the law, including Smith, claim it is unfair.", ["it is unfair."]),
        ("“Nuclear power is a menace,” said Ms Green. It is not.", ["“Nuclear power is a menace,”"]),
        (
            "‘The government’s plan will fail,’ an aide told me. But it won’t.",
            ["‘The government’s plan will fail,’"],
        ),
        ("«Nous ne céderons jamais rien» est un slogan.", ["«Nous ne céderons jamais rien»"]),
        (
            'He told us: "We will never surrender. Not today." I laughed.',
            ['"We will never surrender. Not today."'],
        ),
        (
            '"A quote of two paragraphs.\n\n"Here it goes on." My words.',
            ['"A quote of two paragraphs.\n\n"Here it goes on."'],
        ),
        ("The minister claims that taxes must rise. No.", ["taxes must rise."]),
        ("The minister may claim that taxes must rise. No.", ["taxes must rise."]),
        ("The police claim that crime has fallen. It has not.", ["crime has fallen."]),
        ("Many of the economists claim that it works. It does not.", ["it works."]),
        ("The plan is theft, its critics claim. It is not.", ["The plan is theft"]),
        (
            "According to its critics, the plan is theft. No.",
            ["According to its critics, the plan is theft."],
        ),
        (
            "The plan is theft, according to its critics. No.",
            ["The plan is theft, according to its critics."],
        ),
        (
            "According to the plan’s critics, it is theft. No.",
            ["According to the plan’s critics, it is theft."],
        ),
        ("In the eyes of critics, the plan is theft. No.", ["In the eyes of critics, the plan is theft."]),
    ],
)
def test_speech_of_others_is_found(text: str, theirs: list[str]) -> None:
    found = quoted(text)
    assert all(any(one in span for span in found) for one in theirs)
    assert sum(map(len, found)) <= sum(map(len, theirs)) + 4


@pytest.mark.parametrize(
    "text",
    [
        "I say we must act now, and we believe in freedom.",
        'The so-called "experts" launched a "chip war" this year.',
        "The United States restricts exports. It's the dogs' dinner, and that's the farmers' fault.",
        "Health claims are exaggerated.",
        "If critics say so, fine.",
        'An opening " that never closes is no quotation.\n\nHere the author goes on for a while.',
        'A 6" pipe and a 7" pipe.',
    ],
)
def test_the_authors_own_words_stay_the_authors(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The claim that immigrants commit more crime is false.",
        "The absurd claim that immigrants commit more crime is false.",
        "The minister’s own claim that immigrants commit more crime is false.",
        "The workers’ claims that pay fell are true.",
        "Despite claims that immigrants commit more crime, they do not.",
        "Such claims ignore history.",
        "These false claims ignore history.",
        "The thought that war is near frightens nobody.",
        "The fear that robots will take our jobs is overblown.",
        "The hope that taxes will fall is vain.",
        "The counter argument fails.",
        "The main counter argument fails.",
        "In reply the minister resigned.",
        "The stated aim is nonsense.",
        "This suggests that prices will fall.",
        "We need less fear, and fewer claims.",
    ],
)
def test_a_noun_or_adjective_that_is_also_a_verb_of_saying_attributes_nothing(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Although critics say the tax is theft, it is the fairest of all taxes.",
        "Even though critics say the tax is theft, it is the fairest of all taxes.",
        "But though critics say the tax is theft, it is the fairest of all taxes.",
        "Although critics, led by the mayor, say the tax is theft, it is the fairest of all taxes.",
        "Until Republicans admit that the tax is fair, nothing will change.",
        "Once ministers admit that the plan has failed, we can repair it.",
        "Since ministers admitted that the plan had failed, nothing has changed.",
        "By the time ministers admitted that the plan had failed, people had died.",
        "Every time critics say the tax is theft, they lie.",
        "Whatever critics say, the tax is fair.",
        "Having said that, the tax is theft and must go.",
        "The cap is right, even though landlords complain.",
        "The cap is right, regardless of how much they complain.",
        "The law is unjust, unlike anything the mayor has suggested.",
        "The council was right to drop the plan, once landlords complained.",
    ],
)
def test_a_report_in_a_subordinate_clause_leaves_the_main_clause_to_the_author(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    "report",
    [
        "After the vote, ministers said",
        "Since 2010, critics have said",
        "However, critics say",
        "Critics, however, say",
        "Although popular, critics say",
        "The senator, once a friend of the tax, said",
    ],
)
def test_a_report_beside_a_phrase_in_commas_is_still_found(report: str) -> None:
    assert quoted(f"{report} the tax is theft.") == ["the tax is theft."]


def test_a_clause_that_goes_on_after_a_comma_is_no_attribution() -> None:
    assert quoted("The plan failed, but few complained. It cost too much, and the minister admitted.") == []


@pytest.mark.parametrize(
    "text",
    [
        "The rich should pay according to their means.",
        "The rich should pay according to what they earn.",
        "From each according to ability, to each according to need.",
        "Universities must not sort applicants according to race.",
        "We should judge people according to the content of their character.",
        "A child's chances differ according to where she was born.",
        "The town should be built according to the plan.",
        "They live according to their own taste.",
        "America has fallen in the eyes of the world.",
        "In the eyes of the law, all are equal.",
    ],
)
def test_a_measure_is_not_a_speaker(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The budget announced yesterday is a disgrace.",
        "The cuts announced this week will close libraries and must be stopped.",
        "The deal announced last month betrays farmers.",
        "The budget announced yesterday is so bad that it must be withdrawn.",
        "The tax suggested here would raise wages and should be adopted.",
        "Voters told they would be better off are poorer today.",
        "The administration announced a cruel and pointless ban on asylum that should be struck down.",
        "The minister wrote a letter that should shame us all.",
        "The mayor told a story that should shame the city.",
        "The war claimed thousands of lives and must end.",
        "Thousands of people claim asylum here every year, and most of them have a good case.",
        "Millions of families claim housing benefits to which they are entitled.",
        "Young voters think differently about Israel, and the party ignores them at its peril.",
        "The tariffs are a tax on every working family in this country, announced in a tweet.",
        "The war on cash is a war on the poor, declared without the consent of Congress.",
        "For forty years he marched, argued and fought for justice.",
        "The case for war was thin from the first day, badly argued.",
        "Conservative think tanks are wrong about taxes.",
        "The Hope Center disputes both claims, because they are plainly false.",
        "The latest blunder was the bizarre claim that crime has risen.",
        "Despite the false claim being refuted, the channel repeats it.",
        "Disagree with the party on, say, the price of bread, and it will shut you up.",
        "But believe me, the arrests will come.",
        "Truth be told, the plan is bad and should go.",
        "The plan is bad and should go, truth be told.",
        "Deals came to some 200 million dollars a year, all told.",
        "The housing plan has failed on every promise, a fact even its supporters acknowledge.",
    ],
)
def test_a_participle_a_noun_or_an_object_attributes_nothing(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The evidence suggests that nuclear power is safe, clean and cheap.",
        "The evidence, however, suggests that nuclear power is safe.",
        "But in truth the evidence suggests that nuclear power is safe.",
        "Research suggests smaller classes help children learn, and we should pay for them.",
        "History tells us that appeasement never works.",
        "Simple arithmetic explains why the pension system will collapse.",
        "Few believe that the war can be won.",
        "No serious person argues that the war can be won.",
        "Nothing suggests that the policy has worked.",
        "These numbers explain why the tax must go.",
        "Common sense tells us that a cap must be tied to an index.",
        "Decades of failure tell us the ban should be lifted.",
        "Recent polls suggest voters want a ban, and they are right.",
        "The long record of failure suggests that the ban should be lifted.",
        "Putin warns us, but we should not be cowed.",
        "The idea that Trump thinks he can buy Greenland is absurd.",
        "Politicians that say they love freedom but ban books are hypocrites.",
        "In a country where politicians say anything to win, trust dies.",
        "Any reasonable person would say the ban is unconstitutional.",
        "The fact that he lied suggests that he knew the deal was corrupt.",
    ],
)
def test_a_thing_or_nobody_is_no_speaker(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("In recent years, Republicans say the tax is theft.", "the tax is theft."),
        ("One critic says the tax is theft.", "the tax is theft."),
        ("One former minister said that the tax is theft.", "the tax is theft."),
        ("One of the critics says the tax is theft.", "the tax is theft."),
        ("The tax is theft, one critic said.", "The tax is theft"),
        ("The mayor — he says the tax is theft — built no lanes.", "the tax is theft"),
        ("The authors of the study say the tax is theft.", "the tax is theft."),
        ("A few critics say the tax is theft.", "the tax is theft."),
        ("Grassley announced on Monday that the tax is theft.", "the tax is theft."),
        ("The opposition has argued, rightly, that the tax is theft.", "the tax is theft."),
        ("The mayor told voters that the tax is theft.", "the tax is theft."),
        ("The mayor, elected last year, said that the tax is theft.", "the tax is theft."),
        ("Bill told me the tax is theft.", "the tax is theft."),
        ("Trump has suggested he is a victim of theft.", "he is a victim of theft."),
        ("The tax is theft, the critics have said.", "The tax is theft"),
        ("She warned that the tax is theft.", "the tax is theft."),
        ("Many readers of this column believe that the tax is theft.", "the tax is theft."),
        ("Critics of this page argue that the tax is theft.", "the tax is theft."),
        ("Sen. Sanders says the tax is theft.", "the tax is theft."),
        ("Rep. Ilhan Omar said the war is a crime.", "the war is a crime."),
        ("U.S. officials say the war is a crime.", "the war is a crime."),
        ("Mr. Trump says the election was stolen.", "the election was stolen."),
        ("Dr. Fauci said masks do not work at all.", "masks do not work at all."),
        ("In Washington, D.C., lawmakers say the tax is theft.", "the tax is theft."),
        ("The tax is theft, says Sen. Sanders.", "The tax is theft"),
        ("The tax is theft, Mr. Trump said.", "The tax is theft"),
        ("The tax is theft, or so Republicans claim.", "The tax is theft"),
        ("That minister says the tax is theft.", "the tax is theft."),
        ("Ministers say asylum seekers are a burden.", "asylum seekers are a burden."),
        ("Critics argue the benefits are overstated.", "the benefits are overstated."),
        ("Republicans say tax breaks create jobs.", "tax breaks create jobs."),
        ("Critics say big tech has too much power.", "big tech has too much power."),
        ("The wall is a farce, Kelly said.", "The wall is a farce"),
        ("The wall is a farce, said Credit Suisse.", "The wall is a farce"),
        ("The wall is a farce, said more than 100 economists.", "The wall is a farce"),
        ("The law is cruel, according to faith leaders.", "The law is cruel, according to faith leaders."),
        ("The law is cruel, according to sex workers.", "The law is cruel, according to sex workers."),
        ("The tax is theft, according to WHO data.", "The tax is theft, according to WHO data."),
    ],
)
def test_reports_of_people_are_still_found(text: str, theirs: str) -> None:
    assert quoted(text) == [theirs]


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        (
            "Critics say the cap will kill building, but they are wrong: it will not.",
            "the cap will kill building",
        ),
        (
            "Critics say the cap will kill building; that is plainly false.",
            "the cap will kill building",
        ),
        (
            "Critics say the cap will kill building, and they are wrong.",
            "the cap will kill building",
        ),
        (
            "Critics say the cap will be lower, but not low enough.",
            "the cap will be lower, but not low enough.",
        ),
        (
            "According to the mayor, rents are falling; that is plainly false, and the council must act now.",
            "According to the mayor, rents are falling",
        ),
        (
            "The council must act now; according to the mayor, rents are falling.",
            "according to the mayor, rents are falling.",
        ),
    ],
)
def test_a_report_ends_where_the_author_answers(text: str, theirs: str) -> None:
    assert [span.strip() for span in quoted(text)] == [theirs]


@pytest.mark.parametrize(
    "text",
    [
        "The tram is cheaper, faster and simpler than ministers claimed.",
        "He wins because in a blunt, clear style, he is saying things most voters believe.",
        "The judge, respected even according to the opposition, will be confirmed.",
        "The '60s were better, and the '70s weren't. Rock 'n' roll was ours.",
        "In the 'burbs there is no room for our workers' families and children.",
        "The ‘60s were better for many people. Rock ‘n’ roll was ours.",
    ],
)
def test_the_authors_comparisons_and_apostrophes_are_no_speech(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    "text",
    [
        '"You are wrong about this," I told him.',
        'I told him, "You are wrong about this, and you know it."',
        'I asked her, "Do you regret your vote?"',
        '"Do you regret your vote today?" I asked the minister.',
        '"You are wrong about it," I told him, "and you know that very well."',
        "So we said to the mayor: “You have built no lanes at all.”",
    ],
)
def test_what_the_authors_said_themselves_is_no_speech_of_others(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    "text",
    [
        '"We should all trust parents." I shouted at that one.',
        '"We should all trust parents!" I said nothing.',
        "“The plan is pure theft,” I heard him say.",
        "I told the minister who wrote, “We will not go there.”",
        "As he told me, “You will never win this war.”",
        "I asked why “the plan of the mayor” failed.",
    ],
)
def test_what_the_author_answers_or_hears_is_speech_of_others(text: str) -> None:
    assert len(quoted(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '"The Lord of the Rings" is overrated.',
        'The slogan "Make America Great Again" is a lie.',
        "She read “The Wealth of Nations” twice.",
        "We need “the Green New Deal” now.",
    ],
)
def test_a_title_or_a_slogan_is_no_speech(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("“We Will Not Go There,” she said.", "“We Will Not Go There,”"),
        ("“We will not go there” is a lie.", "“We will not go there”"),
        ("“WE WILL NOT GO THERE” is a lie.", "“WE WILL NOT GO THERE”"),
    ],
)
def test_other_quotations_are_no_titles(text: str, theirs: str) -> None:
    assert quoted(text) == [theirs]


@given(st.text(alphabet="ab \n.,\"'“”‘’«»(say)", max_size=300))
@settings(max_examples=200, deadline=None)
def test_spans_are_sorted_apart_and_inside_the_text(text: str) -> None:
    spans = quoted_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] < right[0] for left, right in itertools.pairwise(spans))
    assert 0.0 <= quoted_share(0, len(text), spans) <= 1.0


@pytest.mark.parametrize(
    "piece", ['"', "“a ", '"\n', " 'a", "Critics say that. ", "a, b said. ", '“a “b” c" ']
)
def test_four_times_the_marks_take_about_four_times_as_long(piece: str) -> None:
    quarter = piece * (60_000 // len(piece))
    assert cpu_seconds(quoted_spans, 4 * quarter) < 9 * cpu_seconds(quoted_spans, quarter) + 0.25


def test_share_counts_characters() -> None:
    assert quoted_share(0, 10, [(5, 20)]) == 0.5
    assert quoted_share(6, 8, [(0, 2), (5, 20)]) == 1.0
    assert quoted_share(3, 3, [(0, 9)]) == 0.0


UNCLOSED = "He called it {0}a disaster. We must act now and vote them out. She spoke of {0}a new hope for all of us{1}."


@pytest.mark.parametrize(("opening", "closing"), ["“”", '""', "«»"])
def test_a_quotation_that_never_closes_does_not_take_the_end_of_a_later_one(
    opening: str, closing: str
) -> None:
    assert quoted(UNCLOSED.format(opening, closing)) == [f"{opening}a new hope for all of us{closing}"]


@pytest.mark.parametrize(("opening", "closing"), ["‘’", "''"])
def test_a_quotation_in_single_marks_can_end_in_s(opening: str, closing: str) -> None:
    theirs = f"{opening}lower rents for all tenants{closing}"
    text = f"He promised {theirs} and did nothing. We must vote him out. He spoke of {opening}hope{closing}."
    assert quoted(text) == [theirs]


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        (
            "‘We defend the workers’ rights,’ she said. ‘We will not stop now.’",
            ["‘We defend the workers’ rights,’", "‘We will not stop now.’"],
        ),
        (
            "“The law (“the Act”) forbids it in every case,” says the letter.",
            ["“The law (“the Act”) forbids it in every case,”"],
        ),
        (
            '“They stay away from all of it," she said. I met her. “Some have never gone there.”',
            ['“They stay away from all of it,"', "“Some have never gone there.”"],
        ),
        ('“They stay away from all of it," she said. I met her.', ['“They stay away from all of it,"']),
        (
            "He called it ‘the worst of all possible worlds’ and left.",
            ["‘the worst of all possible worlds’"],
        ),
        (
            'He wrote: "...the plan is a disgrace to the nation." I agree.',
            ['"...the plan is a disgrace to the nation."'],
        ),
        (
            '"They called it "peace" and left the town.\n\n"We are still here." I met her.',
            ['"They called it "peace" and left the town.\n\n"We are still here."'],
        ),
        (
            "'We have lived through the '08 crash and we will never trust the banks again,' he said.",
            ["'We have lived through the '08 crash and we will never trust the banks again,'"],
        ),
        (
            "'We must act. The class of '99 has no jobs and no homes,' he said.",
            ["'We must act. The class of '99 has no jobs and no homes,'"],
        ),
        (
            "He said: '50 years ago we had homes.' I agree.",
            ["'50 years ago we had homes.'"],
        ),
        (
            "The attack “sent an important message to all of them,“ noted Bash. He said “no” to the rest.",
            ["“sent an important message to all of them,“"],
        ),
        (
            "“It was the worst of our years. “We shall not see its like again.” I believe it.",
            ["“It was the worst of our years. “We shall not see its like again.”"],
        ),
    ],
)
def test_quotations_inside_others_and_of_several_paragraphs_are_found_whole(
    text: str, theirs: list[str]
) -> None:
    assert quoted(text) == theirs


@pytest.mark.parametrize(
    "text",
    [
        "This newspaper believes that the mayor should resign before the summer.",
        "The Editorial Board believes that the mayor should resign before the summer.",
        "This page has argued for years that the tax is theft.",
        "This columnist thinks the tax is theft.",
        "This author believes the tax is theft.",
        "Parents like myself think the tax is theft.",
        "Yours truly said the tax is theft.",
        "One could argue that the tax is theft.",
        "One rather thinks that the tax is theft.",
        "One reason critics say the tax is theft is greed.",
        "The tax is theft, one might say.",
        "The tax is theft, this newspaper has argued.",
        "In the view of this newspaper, the tax is theft.",
        "In the view of the editorial board, the tax is theft.",
        "The editors of this newspaper believe the tax is theft.",
        "For years, this newspaper has argued that the tax is theft.",
    ],
)
def test_an_author_named_in_the_third_person_is_no_other(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    ("theirs", "answer"),
    [
        ("the election was stolen", ", which is a lie that every court has rejected."),
        ("crime is falling", ", a claim that the figures refute."),
        ("the bill protects children", ", when in fact it exposes them to strangers."),
        ("the bill protects children", " when, in truth, it exposes them to strangers."),
        ("the reform is fair", " — it is nothing of the kind, and it must go."),
        ("the reform is fair", "—that isn’t so."),
        ("they care about life", ", and yet they vote against every clinic."),
        ("the plan is not a tax", " — it is."),
        ("the council can fix it", " — it can't."),
        ("they care", " — they do not."),
        ("he would not raise taxes", " – and then he raised them."),
        ("the plan isn’t fair", " — it is nonsense to call it so."),
        ("the ban saved lives", ", which is just plain wrong."),
        ("the council supports schools", " even as he cuts their budgets."),
        ("they would support a ban", ", and politicians should follow them."),
    ],
)
def test_a_report_ends_where_the_author_refutes_or_judges_it(theirs: str, answer: str) -> None:
    assert quoted(f"The mayor says {theirs}{answer}") == [theirs]


@pytest.mark.parametrize(
    "theirs",
    [
        "the plan, which was adopted last year, is a failure.",
        "the plan — it is five years old — has failed.",
        "the plan has failed, and that the council should drop it.",
        "the songs are loud and yet ring with joy.",
        "there is one aim—that is, to win.",
        "prices rise even as wages fall.",
        "the plan is weak — it does not go far enough.",
        "the man ran – and then he fell.",
        "banks, insurers, and pension funds must divest from coal before 2030.",
        "schools, hospitals, and local councils should be run like companies.",
        "this is not about politics — it’s about the survival of their children.",
        "the march isn't about money — it is about justice for all of them.",
        "inflation ran at 2 percent, which is just above the target of the bank.",
    ],
)
def test_a_report_does_not_end_at_a_clause_of_its_own(theirs: str) -> None:
    assert quoted(f"Critics say {theirs}") == [theirs]
