"""A made-up corpus with the proportions of a real one. It has no text of other people and is always the same.

Pieces of 40 outlets have 300 to 1,600 words, 900 on average, and 8 in 100 are near-copies: the piece of another outlet
with another headline and without its last sentence. There are twenty targets. A piece speaks about a target as often as
the 382 development pieces among real op-eds speak about a general statement (1.9 %), and mentions its subject without
speaking about the target as often as they do (1.7 %). Words of the subjects of further targets occur so often that the
screen passes about as many pairs as of 150 real op-eds with these targets: 14 %, and 5 % for a full pack (real: 15 %
and 6 %). Unrelated pieces have 0.4 % of their runs of five words in common, so that none looks like a near-copy of
another. Of 3,000 real op-eds none does either: they have 0.003 % in common.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

OUTLETS = 40
NEAR_COPIES = 0.08
SPOKEN_ABOUT = 0.019
TOUCHED = 0.017
RELATED = 0.3
SHORTEST, USUAL, LONGEST = 300, 760, 1_600
"""Parameters of the triangular distribution of a piece's length in words; the mean is about 900."""

SUBJECTS = {
    "harbour": "harbour crane ferry dock cargo pilot tide warehouse customs lighthouse",
    "school": "school teacher lesson pupil exam classroom headmaster timetable textbook playground",
    "hospital": "hospital nurse ward patient doctor surgery waiting-list clinic medicine ambulance",
    "farm": "farm field harvest tractor barn milk orchard seed drought subsidy",
    "court": "court judge verdict appeal jury statute lawyer precedent witness bench",
    "museum": "museum curator gallery portrait archive visitor exhibition collection donor frame",
    "river": "river flood embankment bridge weir angler current basin meadow dam",
    "factory": "factory shift machine foreman steel order supplier apprentice furnace export",
    "army": "army soldier barracks general treaty border missile ally patrol veteran",
    "parliament": "parliament minister vote party committee speech coalition bill election opposition",
    "football": "football coach stadium referee striker league supporter whistle transfer ticket",
    "theatre": "theatre stage actor curtain director rehearsal audience script orchestra costume",
}
"""Subjects of most sentences of a piece, and their nouns."""

TARGETS = {
    "chips": ("The United States should restrict chip exports to China", "semiconductor Beijing export chipmaker"),
    "nuclear": ("Countries should build new nuclear power plants", "reactor uranium nuclear-power grid"),
    "carbon": ("Governments should tax carbon emissions", "carbon emissions carbon-price refinery"),
    "congestion": ("Cities should charge drivers for entering the centre", "congestion driver toll city-centre"),
    "rent": ("Rent increases should be limited by law", "rent tenant landlord lease"),
    "income": ("Every citizen should receive a universal basic income", "basic-income welfare allowance citizen"),
    "phones": ("Schools should ban mobile phones", "phone smartphone screen corridor"),
    "tram": ("The city should build a new tram line", "tram rail track depot"),
    "wage": ("The minimum wage should be raised", "minimum-wage payroll employer pay-rise"),
    "guns": ("Gun ownership should be restricted further", "gun rifle firearm gun-shop"),
    "age-limit": ("Children under 16 should be kept off social media by law", "teenager platform age-limit parent"),
    "licence": ("Powerful artificial intelligence should need a government licence", "algorithm chatbot laboratory"),
    "meat": ("Meat should be taxed to protect the climate", "meat cattle butcher abattoir"),
    "borders": ("The country should accept more refugees", "refugee asylum shelter visa"),
    "vaccines": ("Vaccination should be compulsory for school children", "vaccine measles immunisation dose"),
    "drugs": ("Cannabis should be legal for adults", "cannabis dealer possession drug-law"),
    "police": ("Police budgets should be cut", "police patrol-car precinct officer"),
    "fees": ("University should be free of tuition fees", "tuition campus student-loan degree"),
    "flights": ("Short domestic flights should be banned", "airline airport short-haul runway"),
    "pensions": ("The pension age should be raised", "pension retirement pensioner contribution"),
}  # fmt: skip
"""The statement of each target, and the nouns of its subject. The screen passes about as many pairs of the first ten
targets, which most measurements ask, as of the others."""

_OPENINGS = (
    "In spring", "Last winter", "On most days", "By all accounts", "As a child", "To my surprise", "At the market",
    "After the strike", "Ten years ago", "In the next town", "On paper", "At home", "Among friends", "As it happens",
    "By now", "Every autumn", "With hindsight", "In my street", "For once", "At first",
)  # fmt: skip
_MIDDLES = (
    "the {adjective} {noun} {verb} one {adjective} {noun}",
    "{name} {verb} the {adjective} {noun} before {name} {verb} it",
    "one {noun} from {place} {verb} what the {adjective} {noun} could not",
    "{name} of {place} {verb} every {adjective} {noun} but one",
    "no {adjective} {noun} {verb} {name} as much as the {adjective} {noun} did",
    "{number} of the {adjective} {noun} {verb} {name} and one {noun}",
    "what {name} {verb} in {place} was one {adjective} {noun}",
    "neither the {adjective} {noun} nor {name} {verb} the {adjective} {noun}",
)
_ENDINGS = (
    "while {name} {verb} one {adjective} {noun}",
    "and {number} in {place} {verb} the {noun}",
    "which {verb} {name} more than the {adjective} {noun}",
    "though {name} {verb} {number} of them",
    "until {place} {verb} the {adjective} {noun}",
    "because one {adjective} {noun} {verb} {name}",
    "and that {verb} {place} for {number} years",
    "as {name} {verb} after {number} weeks",
    "so the {noun} of {place} {verb} nobody",
    "with {number} {adjective} letters from {place}",
)
_WORDS = {
    kind: words.split()
    for kind, words in {
        "adjective": """
            able ancient angry bare bitter bold brave brief bright broad busy calm careful cautious
            certain cheap civil clean clear clever clumsy common costly crowded curious cruel damp
            dear decent deep distant dull eager early empty exact fair famous final firm foreign
            formal frail free fresh full gentle grand grave great grey harsh honest hollow humble
            idle junior keen large late lazy lean legal local lonely loud loyal mature mean mild
            modern modest narrow neat noble obvious odd patient plain polite poor precious private
            proud quick quiet rare ready recent remote rich rough rural sad secret senior serious
            sharp shy silent simple slow small solid steep strict sudden tall tender thin tidy tired
            tough urban useful vague vast weak wealthy wild wise young
        """,
        "verb": """
            abandoned accepted admired admitted advised altered answered approved avoided blamed
            blocked bought carried changed checked chose claimed closed counted crossed damaged
            defended delayed denied described disliked divided doubted endured escaped expected
            explained favoured feared followed forgot forgave found founded guarded guided helped
            hid ignored imitated improved invented inspected joined judged kept knew lacked left
            lifted limited lost loved managed measured mentioned missed mocked moved named needed
            noticed obeyed offered opened opposed ordered owned paid passed planned praised
            prevented printed promised protected pulled pushed questioned raised reached recalled
            refused repaired replaced reported resented respected risked ruined saved served shared
            showed sold solved spared spoiled stopped studied supplied supported suspected tested
            tolerated took touched traced trusted understood united valued visited wanted warned
            wasted watched welcomed widened won worried
        """,
        "name": """
            Abel Adler Amos Anders Arden Barlow Basil Beck Berger Blythe Boone Brandt Carver Castell
            Clement Conrad Corbin Dahl Darrow Devlin Doran Drake Ebner Edda Elgin Ember Esposito
            Farrow Fenn Fischer Flint Frost Gable Garrick Gideon Grieve Hale Hardin Hobart Holt
            Ibsen Ines Jarvis Jonas Joss Kemp Kessler Kirby Lamb Landry Lenz Lorimer Lund Maddox
            Marlow Merritt Moreau Nash Nolan Novak Oakes Odell Osborn Pascal Pell Piper Prior Quill
            Quinn Ransom Reyes Roscoe Rowe Sabin Sayer Selby Sorensen Stroud Tamsin Thorne Tully
            Ulrich Underhill Vance Verity Voss Waite Weller Winslow Yates Yorke Zeller
        """,
        "place": """
            Ashford Barrow Bellmouth Brackley Calder Carrick Colton Dunmore Eastlake Elmstead
            Fairhaven Farley Glenmore Granby Halford Harwick Holm Ipsley Kelso Kingsmere Langton
            Lowell Marsden Milbrook Newbury Norton Oakham Ostend Penrose Quarry-Bank Redcliff Ripley
            Saltash Seaton Stokely Sutter Tarrant Thornbury Upwell Varley Wadebridge Westerly
            Wickham
        """,
        "number": """
            two three four five seven nine eleven twelve twenty forty sixty ninety
        """,
    }.items()
}
_SIDES = (
    "{}: that is right, and it should be done this year.",
    "It is a mistake to say that {}; I am against it.",
    "I have come to believe it late, but {}, and the sooner the better.",
)
_PLACE = re.compile(r"\{(\w+)\}")
"""A place in a form of a sentence, which a word of the list with its name takes."""
_SENTENCES_A_PARAGRAPH = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A made-up piece; ``copy_of`` is the number of the piece it copies, ``about`` the targets it speaks about."""

    number: int
    outlet: int
    title: str
    text: str
    about: tuple[str, ...]
    copy_of: int | None

    @property
    def host(self) -> str:
        """Name of the outlet's host."""
        return host(self.outlet)

    @property
    def path(self) -> str:
        """Path of the piece at its host."""
        return f"/opinion/{self.number}.html"

    @property
    def page(self) -> bytes:
        """The piece as a page, as its outlet would serve it."""
        body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.text.split("\n\n"))
        links = "".join(f'<li><a href="/opinion/{n}.html">Another piece, {n}</a></li>' for n in range(40))
        data = {"@context": "https://schema.org", "@type": "OpinionNewsArticle", "headline": self.title}
        data |= {
            "datePublished": "2026-11-24T03:00:00Z",
            "author": [{"@type": "Person", "name": "A. Writer"}],
        }  # type: ignore[dict-item]
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(self.title)}</title>'
            f'<script type="application/ld+json">{json.dumps(data)}</script></head><body>'
            f"<header><nav><ul>{links}</ul></nav></header><main><article><h1>{escape(self.title)}</h1>\n{body}\n"
            f"</article></main><footer><p>Outlet {self.outlet}. All rights reserved.</p></footer></body></html>"
        ).encode()


def host(outlet: int) -> str:
    """Return the name of the host of an outlet."""
    return f"outlet{outlet:02d}.example"


def pieces(count: int) -> Iterator[Piece]:
    """Make the first `count` pieces; a piece is the same in every corpus that has it."""
    return map(piece, range(count))


def piece(number: int) -> Piece:
    """Make the piece with a number."""
    return _copy(number) if _is_copy(number) else _original(number)


def statements(count: int) -> dict[str, str]:
    """Return `count` targets by id; no piece speaks about those beyond the twenty of the corpus."""
    nouns = sorted({noun for words in SUBJECTS.values() for noun in words.split()})
    more = {f"more-{noun}": f"The state should pay for every {noun}" for noun in nouns}
    every = {name: statement for name, (statement, _) in TARGETS.items()} | more
    return dict(list(every.items())[:count])


def write_corpus(path: Path, count: int) -> float:
    """Write pieces as JSON lines; return the share of pairs of piece and target in which the piece speaks about it."""
    spoken = 0
    with path.open("w", encoding="utf-8") as file:
        for piece in pieces(count):
            spoken += len(piece.about)
            row = {"url": f"http://{piece.host}{piece.path}", "outlet": piece.outlet, "copy": piece.copy_of}
            file.write(json.dumps(row | {"title": piece.title, "text": piece.text}) + "\n")
    return spoken / (count * len(TARGETS))


def _is_copy(number: int) -> bool:
    return number > 0 and random.Random(f"copy {number}").random() < NEAR_COPIES


def _copy(number: int) -> Piece:
    chance = random.Random(f"copied {number}")
    original = chance.randrange(number)
    while _is_copy(original):
        original = chance.randrange(number)
    copied = _original(original)
    text = copied.text.rpartition(". ")[0] + "."
    outlet = (copied.outlet + 1 + chance.randrange(OUTLETS - 1)) % OUTLETS
    return Piece(number, outlet, f"Seen elsewhere: {copied.title}", text, copied.about, original)


def _original(number: int) -> Piece:
    chance = random.Random(number)
    subject, second = chance.sample(sorted(SUBJECTS), 2)
    nouns = SUBJECTS[subject].split() + SUBJECTS[second].split()[:4]
    length = chance.triangular(SHORTEST, LONGEST, USUAL)
    sentences: list[str] = []
    words = 0
    while words < length:
        sentences.append(_sentence(chance, nouns))
        words += len(sentences[-1].split())
    about = tuple(target for target in TARGETS if chance.random() < SPOKEN_ABOUT)
    touched = [target for target in TARGETS if target in about or chance.random() < TOUCHED]
    for target in TARGETS:
        if target not in touched and chance.random() < RELATED:
            sentences[chance.randrange(len(sentences))] = _sentence(chance, _nouns_of(target))
    for target in touched:  # last, so that no other sentence takes the place of these
        own_sentences = [_sentence(chance, _nouns_of(target)) for _ in range(2)]
        if target in about:
            own_sentences.insert(1, chance.choice(_SIDES).format(TARGETS[target][0]))
        position = chance.randrange(len(sentences))
        sentences[position:position] = own_sentences
    paragraphs = [
        " ".join(sentences[start : start + _SENTENCES_A_PARAGRAPH])
        for start in range(0, len(sentences), _SENTENCES_A_PARAGRAPH)
    ]
    title = f"On the {chance.choice(nouns)} and the {chance.choice(nouns)}, {number}"
    return Piece(number, chance.randrange(OUTLETS), title, "\n\n".join(paragraphs), about, None)


def _nouns_of(target: str) -> list[str]:
    return TARGETS[target][1].replace("-", " ").split()


def _sentence(chance: random.Random, nouns: list[str]) -> str:
    words = _WORDS | {"noun": nouns}

    def chosen(place: re.Match[str]) -> str:
        return chance.choice(words[place[1]])

    form = f"{chance.choice(_OPENINGS)} {chance.choice(_MIDDLES)}, {chance.choice(_ENDINGS)}."
    return _PLACE.sub(chosen, form)
