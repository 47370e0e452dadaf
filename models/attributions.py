"""Reported speech: clauses that the author attributes to others, such as "Critics say ...".

There is no parser. The rules are for the word order of English prose, and `models.attribution_words` has their words.
When in doubt they miss an attribution, because an author's own verdict that is marked as somebody else's does more harm
than a report that is taken for the author's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from models.attribution_words import (
    LISTENERS,
    NO_CLAUSE,
    NO_LISTENER,
    NO_PART_OF_A_PHRASE,
    NO_REPORT,
    NOBODY,
    PREPOSITIONS,
    THINGS,
    THINGS_THAT_SUGGEST,
    TIMES,
    VERBS,
    VERBS_BEFORE_A_CLAUSE,
    VERBS_BEFORE_A_LISTENER,
    VERBS_BEFORE_THAT,
)
from models.report_ends import HAS_A_CLAUSE, end_of_report
from models.sentences import Span

#: The attribution is searched for in the first and last characters of a sentence, up to this number.
_SENTENCE = 400

# A full stop inside of a sentence belongs to an abbreviation: "Sen. Sanders", "U.S. officials".
_STOP = (
    r"(?:(?<=\b\w)|(?<=\b(?:Mr|Ms|Dr|St|Lt))|(?<=\b(?:Mrs|Sen|Rep|Gov|Gen|Rev|Col|Adm|Sgt|Hon|Amb))|"
    r"(?<=\b(?:Prof|Capt|Sens|Reps|Govs|Pres)))\."
)
_WORD = rf"""(?:[^\s.;:!?"“”]|{_STOP})+\s+"""
_OF_A_PHRASE = rf"(?!(?:{NO_PART_OF_A_PHRASE})\b){_WORD}"
_THAT = rf"""(?:(?:(?:{TIMES}),?\s+){{0,2}}(?:(?:{PREPOSITIONS})\s+(?:{_OF_A_PHRASE}){{1,4}}?)?that,?\s+)"""
_CLAUSE = rf"""(?!(?:{NO_CLAUSE})\b(?!['’]))"""
_PRONOUN = r"(?=(?:he|she|it|they|there)(?:['’]\w+)?\s)"
_LISTENER = rf"(?!(?:{NO_LISTENER})\b)"
_ADVERB = r"(?:also|still|often|now|then|always|never|even|once|\w+ly|have|has|had|would|will|may|might)"
_REPORTS = re.compile(
    rf"""^(?P<subject>(?:{_WORD}){{1,9}}?)
         (?P<adverbs>(?:{_ADVERB}\s+){{0,2}})
         (?:(?P<says>(?!(?:{NO_REPORT})\b(?!['’]))(?:{VERBS_BEFORE_A_CLAUSE}))(?P<pause>[,:]?)\s+(?:{_THAT}|{_CLAUSE})
           |(?P<states>{VERBS_BEFORE_THAT})(?::\s+|,?\s+{_THAT}|\s+{_PRONOUN})
           |(?P<tells>{VERBS_BEFORE_A_LISTENER})\s+
            (?:{_LISTENER}(?:{_OF_A_PHRASE}){{1,5}}?{_THAT}|(?:{LISTENERS}):?\s+{_CLAUSE}))(?=\S)""",
    re.VERBOSE | re.IGNORECASE,
)
# How authors name themselves in the third person. "The paper" and "the author" more often mean somebody else.
_THIS_AUTHOR = (
    r"this\s(?:(?:news)?paper|page|magazine|column(?:ist)?|writer|author|reporter|editor(?:ial)?(?:\sboard)?)\b|"
    r"the\seditorial\sboard(?=$|[,;.:!?])|yours(?:\struly)?|myself|ourselves"
)
# In "many readers of this column" the subject is the readers, who are not the author.
_NOT_AFTER_A_HEAD = r"(?<!\bof\s)(?<!\bto\s)(?<!\bin\s)(?<!\bby\s)(?<!\bfor\s)(?<!\bfrom\s)(?<!\bwith\s)"
# In "the idea that he thinks so is absurd" and "politicians that say so are hypocrites" the author has the verdict.
# Behind a verb, as in "he testified that he believes", the words are those of others.
_WITH_A_CLAUSE = (
    r"(?:idea|notion|fact|claim|view|belief|argument|suggestion|theory|myth|assumption|premise|possibility|people|those|"
    r"politicians|leaders|parties|groups|voters|companies|countries|men|women)\sthat"
)
# "One could argue" is the author arguing, and "One critic says" and "One of the critics says" are not.
_ONE = (
    r"one(?!\sof\s(?:the|these|those|his|her|its|their|them)\b"
    r"|\s(?:[\w-]+\s){0,2}?(?!(?:rather|ever|later|earlier|further|either|other)\b)(?:[\w-]{2,}(?:er|or|ist|ian|ic|ant|man|woman|person|ial)|"
    r"adviser|aide|boss|chief|colleague|expert|friend|guest|judge|mother|MP|resident|student|witness|opponent)$)"
)
_OWN = re.compile(
    rf"\b(?:i|we|you|me|us|my|our|your|let|which|who|what|nobody|{_ONE}|anyone|if|when|while|as|because|to|not|"
    rf"must|should|can|cannot|could|it|{_WITH_A_CLAUSE}|(?<=\w\s)(?:where|whose)|(?:^|(?<=[,;]\s))any|"
    rf"{_NOT_AFTER_A_HEAD}(?:{_THIS_AUTHOR})|editors?\s(?:of|at)\sthis)\b",
    re.IGNORECASE,
)
# "The latest blunder was his claim that ..." has its verb already, and "But believe me" has no subject.
_NO_SUBJECT = re.compile(
    r"\b(?:is|are|was|were)\b|^(?:(?:and|but|so|or|yet|please|just|now|then|first|second|finally),?\s?){1,3}$",
    re.IGNORECASE,
)
_NOBODY = re.compile(rf"\b(?:{NOBODY})\b", re.IGNORECASE)
_THING = re.compile(rf"(?:^|\s)(?:{THINGS})$", re.IGNORECASE)
_THING_THAT_SUGGESTS = re.compile(rf"(?:^|\s)(?:{THINGS}|{THINGS_THAT_SUGGEST})$", re.IGNORECASE)
_SUGGESTS = re.compile(r"suggests?|suggested|explains?|explained|tells?|told|warns?|warned", re.IGNORECASE)
# The head of "the long record of failure" is the word before the preposition.
_AFTER_THE_HEAD = re.compile(r"\s(?:of|on|for|behind|from|by|about|in|at|with|against)\s", re.IGNORECASE)
_OF_PEOPLE = re.compile(r"\s(?:of|on|for|behind|from|by|about)\s", re.IGNORECASE)
_ADVERBIAL = re.compile(
    r"(?:(?:and|but|so|or|yet)\s)?(?:in|on|off|at|for|after|before|during|since|over|under|with|without|from|by|of|among|"
    r"to|against|amid|despite|like|unlike)\s",
    re.IGNORECASE,
)
# Some of these verbs are nouns or adjectives too: "The claim that ... is false" is the author's sentence. After these
# words no verb follows.
_BEFORE_A_NOUN = re.compile(
    r"(?:^|[\s(])(?:the|an?|this|that|his|her|their|its|any|no|every|own|very|mere|such|makes?|made|making|"
    r"\S{1,40}['’]s|\S{1,40}s['’])$",
    re.IGNORECASE,
)
_NOUN = re.compile(r"claims?|objects?|counters?|reply|replies|thought", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"(?:^|\s)(?:of|for|by|in|on|with|from|against|about|despite|amid|over|without|under|through|beyond)$",
    re.IGNORECASE,
)
# A verb agrees in number with its subject, so that "the old claim" and "these false claims" are nouns. Some words are
# plural without an s ("the police claim"), and an auxiliary takes the form without an s ("the minister did claim").
_BARE = re.compile(r"claim|object|counter|reply", re.IGNORECASE)
_WITH_S = re.compile(r"claims|objects|counters|replies", re.IGNORECASE)
_SINGULAR = re.compile(
    r"(?:(?:and|but|yet|so|despite|with|amid)\s)?(?:the|an?|this|that|his|her|their|its|any|no|every|each|another)\s",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"^(?:these|those|all|some|many|most|few|both|several|other|more|fewer)(?:\s|$)|(?:^|\s)(?:both|these|those)$",
    re.IGNORECASE,
)
_PLURAL_END = re.compile(
    r"(?:s|people|men|women|children|police|media|rich|poor|young|elderly|left|right|few|many|majority|do|does|did|"
    r"will|would|may|might)$",
    re.IGNORECASE,
)
# "Although critics say the tax is theft, it is fair" has the author's verdict behind the report, and "Having said
# that, ..." is the author speaking.
_SUBORDINATE = re.compile(
    r"(?:(?:and|but|so|yet)\s)?(?:(?:even\s)?(?:though|although)|whatever|whoever|wherever|whenever|however|whether|"
    r"unless|until|since|once|before|after|given|considering|having|lest|now\sthat|(?:every|each)\stime|"
    r"by\sthe\stime|rather\sthan)(?=\s|$)",
    re.IGNORECASE,
)
# ", but few complained" goes on with the author's sentence; no attribution begins so.
_GOES_ON = re.compile(
    r"(?:and|or(?!\sso\b)|but|nor|yet|than|though|although|however|whatever|whoever|where|since|until|unless|whether|how|why|"
    r"before|after|once|regardless|despite|unlike|no\smatter|"
    r"(?:even|just|only|long|soon|hours|days|weeks|months|years)\s(?:though|after|before|once|since|when)|"
    r"for\s(?:\w+\s)?reasons|in\s(?:\w+\s)?ways?)\b",
    re.IGNORECASE,
)
# ", announced in a tweet" and ", argued and fought for justice" have a participle, or a verb of a list. Names have
# capitals: ", Kelly said", ", said Credit Suisse".
_NO_SPEAKER_BEHIND = re.compile(
    rf"(?!(?:more|less|fewer|over|about|between) (?:than )?\d)(?:{NO_CLAUSE}|last|this|next|just|only)\b(?!['’])"
)
_ADVERB_ALONE = re.compile(r"[a-z]{1,30}ly|never|once|long|still|ever")
# ", all told" and ", truth be told" name nobody, and in ", a fact even its supporters acknowledge" the author says it.
_OWN_REMARK = re.compile(
    r"^(?:all|enough|truth(?:\sbe)?)$|^(?:something|(?:an?|one|the)\s(?:\w+\s)?(?:fact|point|truth|reality))\b",
    re.IGNORECASE,
)
# "cheaper, faster and simpler than ministers claimed" compares what the author says with what others say.
_COMPARES = re.compile(r"\bthan\b", re.IGNORECASE)
# "They should pay according to their means" says by which measure, and not who says it. After a comma, and at the
# beginning of a sentence, "according to their lawyers" says who.
_MEASURE = (
    r"(?!(?:(?:their|his|her|its|your|the)\s+)?(?:\w+\s+)?(?:needs?|means|abilit(?:y|ies)|capacity|merits?|"
    r"laws?|plans?|schedule|rules?|customs?|traditions?|principles?|wishes|conscience|size|age|income|wealth|"
    r"circumstances)\b(?!['’])|(?:(?:their|his|her|its|your|the)\s+)?(?:race|ethnicity|sex|gender|colou?r|religion|"
    r"faith|class|caste|nationality|status|region|location|postcode|season|demand|seniority|severity|content|"
    r"performance)(?=\s*(?:$|[^\w\s]|(?:and|or|nor|of|in|at|for|not|but|rather|instead|to)\b)))"
)
_OURS = rf"(?!(?:me|us|my|our|{_THIS_AUTHOR})\b)"
_APART = r"""(?:^["“‘'(]?|(?<=[,;:—–”’"]\s))"""
_ACCORDING = re.compile(
    rf"""{_APART}according\s+to\s+{_OURS}{_MEASURE}
      | (?<!even\ )\baccording\s+to\s+
        (?!(?:their|his|her|its|your|what|how|whether|where|when|(?-i:who|whom|whose))\b){_OURS}{_MEASURE}
      | \bin\s+the\s+(?:words|view)\s+of\s+{_OURS}
      | {_APART}in\s+the\s+eyes\s+of\s+(?!(?:the\s+)?(?:law|world|god|public|history)\b){_OURS}""",
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = re.compile(
    rf""",["”’]?\s+
         (?:(?:{VERBS})\s+(?P<after>(?:[^,.;]|{_STOP}){{1,80}})
           |(?P<before>(?:[^\s,.;]|{_STOP})+(?:\s+(?:[^\s,.;]|{_STOP})+){{0,5}}?)\s+(?P<verb>{VERBS}))
         \s*[.!?,]?["”’]?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_DASH = re.compile(r"\s[—–-]{1,3}\s|—")


def attributed_spans(text: str, sentences: Sequence[Span]) -> Iterator[Span]:
    """Yield the parts of sentences that the author attributes to others, as character offsets into `text`."""
    for start, end in sentences:
        sentence = text[start : min(end, start + _SENTENCE)]
        if according := _ACCORDING.search(sentence):
            yield _part_around(text, start, start + according.start(), end)
            continue
        tail = max(start, end - _SENTENCE)
        trailing = _TRAILING.search(text[tail:end])
        if trailing and _ends_an_attribution(trailing):
            yield start, tail + trailing.start()
        elif (match := _REPORTS.match(sentence)) and _begins_an_attribution(match):
            begin = start + match.end()
            # In "The mayor — he says he loves cyclists — built no lanes" the report ends with the remark.
            dash = _DASH.search(text, begin, end) if len(_DASH.findall(match["subject"])) == 1 else None
            yield begin, end_of_report(text, begin, dash.start() if dash else end)


def _part_around(text: str, start: int, at: int, end: int) -> Span:
    """Give the part of a sentence that has the attribution at `at`, up to where the author answers."""
    begin = text.rfind("; ", start, at) + 1 or start
    return begin, end_of_report(text, at, end)


def _begins_an_attribution(match: re.Match[str]) -> bool:
    verb = match["says"] or match["states"] or match["tells"]
    subject = match["subject"]
    # "politics, say, or morality" names an example.
    example = match["pause"] == "," and subject.rstrip().endswith(",")
    subordinate = _SUBORDINATE.match(_own_clause(subject))
    return not example and not subordinate and _names_a_speaker(subject, match["adverbs"], verb)


def _own_clause(subject: str) -> str:
    """Give a subject without what commas set off before it ("After the vote,") or behind it (", once a critic,")."""
    parts = [part.strip() for part in subject.split(",")]
    return parts[-3] if len(parts) > 2 and not parts[-1] else parts[-1]


def _ends_an_attribution(trailing: re.Match[str]) -> bool:
    """Whether the words after the last comma name a speaker: "said the minister", "the minister said"."""
    if (before := trailing["before"]) is None:
        after = trailing["after"]
        return not (_OWN.search(after) or HAS_A_CLAUSE.search(after) or _NO_SPEAKER_BEHIND.match(after))
    return (
        not _GOES_ON.match(before)
        and not _ADVERB_ALONE.fullmatch(before)
        and not _OWN_REMARK.match(before)
        and not _COMPARES.search(before)
        and _names_a_speaker(before, "", trailing["verb"])
    )


def _names_a_speaker(subject: str, adverbs: str, verb: str) -> bool:
    """Whether a subject is somebody else than the author, and the word after it is a verb and not a noun."""
    before = subject.rstrip()
    if _OWN.search(before) or _BEFORE_A_NOUN.search(before) or _NOBODY.search(subject):
        return False
    if _NO_SUBJECT.search(before) or _is_a_thing(before, verb):
        return False
    if _NOUN.fullmatch(verb) and _PREPOSITION.search(before):
        return False
    if _SINGULAR.match(subject) and _BARE.fullmatch(verb):
        return bool(_PLURAL_END.search(f"{subject}{adverbs}".rstrip()))
    return not (_PLURAL.search(before) and _WITH_S.fullmatch(verb))


def _is_a_thing(subject: str, verb: str) -> bool:
    """Whether a subject is a thing, which says nothing: "the long record of failure", "the evidence, however,"."""
    thing = _THING_THAT_SUGGESTS if _SUGGESTS.fullmatch(verb) else _THING
    *earlier, last = (part.strip() for part in subject.rstrip(",").split(","))
    if any(thing.search(_head(part)) for part in earlier if not _ADVERBIAL.match(part)):
        return True
    return bool(thing.search(_head(last)) or (not _OF_PEOPLE.search(last) and thing.search(last)))


def _head(part: str) -> str:
    return _AFTER_THE_HEAD.split(part, maxsplit=1)[0]
