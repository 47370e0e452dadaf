"""The words by which the end of the subject of a yes-or-no question is found.

Without a parser it is not known where the subject ends. The patterns say before which words it can end, after which
words it cannot, and which verb forms are a part of it (:mod:`models.question_subjects`).
"""

from __future__ import annotations

import re

COPULAS = frozenset(("is", "are", "was", "were"))
MODALS = frozenset(("should", "shall", "must", "can", "could", "will", "would", "may", "might"))
#: The first words of yes-or-no questions.
FIRST_VERBS = (
    "should|shall|must|can|could|will|would|may|might|ought|is|are|was|were|do|does|did|has|have|had"
)
#: Before these words, "not" can belong to them: "not all men are equal".
QUANTIFIER = r"all|any(?:body|one|thing)?|both|each|every(?:body|one|thing)?|many|much"
#: Behind a phrase such as "in danger", these words can go on with the predicate, if no other predicate follows: not in
#: "Is a country at war with itself a failure?".
_GOES_ON = (
    r"(?=$| of [a-z]+ing\b| (?:across|after|again|at|because|by|due|for|from|in|now|of|on|once|since|thanks|today|"
    r"under|where|with)\b(?!.* (?:an?|any|bad|better|good|more|right|the (?:answer|best|main|next|only|same|worst)|too|"
    r"worse|worth|wrong|[a-z]+[^\We]ed)\b))"
)
#: A subject that is certainly whole.
PRONOUN = re.compile(r"(?:it|there|they|we|you|he|she|i)(?= )", re.IGNORECASE)
#: Without parsing it is not known where the subject of a question ends. It can end before these words: the first
#: pattern is for "Should the death penalty ...", the second for "Is the death penalty ...".
VERB = re.compile(
    r" (?=(?:(?:not|never|ever|still|also|always) )?(?:be|have|get|remain|become|receive) )", re.IGNORECASE
)
PREDICATE = re.compile(
    # "Israel's right to exist", "the religious right", "the common good" and "a no-deal exit" are parts of a subject.
    r" (?=(?:a|an|the|any|no(?!-)|too|more|less|(?<!common )(?<!greater )(?<!public )good|bad|"
    r"(?<!['’]s )(?<!s['’] )right(?! (?:a|an|the|too|still|dangerous)\b|-to-)|wrong|ever(?! (?:since|to)\b)|still|"
    r"really|actually|already|also|always|completely|entirely|equally|fundamentally|inherently|largely|mainly|merely|"
    r"mostly|never|now|primarily|purely|"
    r"simply|totally|truly|to blame|part of|"
    r"necessary|safe|ethical|effective|harmful|beneficial|justified|worth|better|worse|important|possible|likely)\b"
    r"|(?:at (?:risk|war)|in (?:chaos|crisis|danger|decline|trouble)|on the (?:brink|rise|verge|wane)|"
    rf"out of (?:control|date|hand|touch)|under (?:attack|siege|threat)){_GOES_ON}"
    r"|(?-i:[A-Z])\S*(?: (?-i:[A-Z])\S*){0,3}['’]s? (?:own )?(?:fault|problem)$"
    r"|(?:everyone|nobody|society|somebody|someone)(?: else)?['’]s (?:own )?(?:fault|problem)$"
    # "Is the war on drugs over?", but not "Are machines at risk once the vote is over?".
    r"|(?:above the law|behind us|here to stay|in \S+ (?:best |national )?interests?|"
    r"on the (?:right|wrong) (?:path|track)|up to (?:it|scratch|the (?:job|task))|"
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )over)$"
    r"|(?:able|bound|destined|eager|fit|free|going|ready|set|supposed|unable|unfit|unwilling|willing) (?:for|to)\b"
    r"|(?:big|brave|clear|close|cruel|deep|early|far|fast|firm|good|hard|harsh|high|honest|large|long|mature|old|open|"
    r"poor|popular|qualified|rich|serious|smart|strict|strong|tough|wealthy|well|wide) enough\b"
    # "Is the AfD far right?", but not "Is this the far right?".
    r"|(?<!the )(?:far|hard)[ -](?:left|right)$"
    # These can also be a part of the subject ("the legal system"), if they are not at the end.
    r"|(?:acceptable|compatible|constitutional|corrupt|cruel|dangerous|dead|doomed|enough|essential|fair|genuine|guilty|"
    r"harmless|illegal|immoral|inevitable|legal|legitimate|moral|natural|overrated|qualified|racist|real|reliable|"
    r"responsible|sound|sufficient|sustainable|true|unacceptable|unconstitutional|unfair|unqualified|useful|useless|"
    r"wise|worthwhile)(?=$| (?:for|to|in|with|of|on|at|about|than|enough)\b))",
    re.IGNORECASE,
)
#: "Is abortion murder?" has a subject of one word and a predicate of one. "Is a war?" and "Is Labour in?" have not.
TWO_WORDS = re.compile(
    r"(?!(?:[Aa]n?|another|each|every|her|his|its|my|no|not|only|our|such|that|the|their|these|this|"
    r"those|what|who|your) )"
    r"[^\s,]*[^\s,'’] (?!(?:about|at|by|for|from|in|of|on|to|with)$)[^\s,]+"
)
#: "Does capitalism work?" and "Should doctors strike?" have a subject and a verb of one word each.
SUBJECT_AND_VERB = re.compile(rf"(?!any(?:body|one|thing) ){TWO_WORDS.pattern}(?<!ly)")
#: Behind these words, "right" belongs to the subject: "the Christian right", "the right answer".
RIGHT = re.compile(r"right\b(?! about\b)", re.IGNORECASE)
BEFORE_RIGHT = re.compile(
    r"(?:.* )?(?:alt|Christian|conservative|extreme|far|hard|libertarian|nationalist|new|political|populist|radical|"
    r"religious|secular|the|(?:the|a) (?:American|European|German|Israeli))",
    re.IGNORECASE,
)
#: Behind a possessive or "more", an adjective before another word belongs to the noun that follows: "women's safe
#: spaces", "the most effective way". "Is McDonald's bad for you?" has a preposition there.
BEFORE_ADJECTIVE = re.compile(r"(?:.* )?(?:least|less|more|most|very|\w+['’]s|\w+s['’])", re.IGNORECASE)
ADJECTIVE_OF_A_NOUN = re.compile(
    r"(?:bad|beneficial|better|effective|ethical|good|harmful|important|likely|necessary|possible|safe|worse|"
    r"(?:less|more) [\w-]+) "
    r"(?!(?:about|and|as|at|because|but|by|enough|for|from|if|in|now|of|on|or|since|than|to|today|when|with)\b)\w",
    re.IGNORECASE,
)
#: If no other word shows where the predicate begins, it can be a last adjective, known by its ending: "Is the EU
#: undemocratic?", "Is organic food healthier than other food?", "Are gig workers vulnerable in a crisis?".
LAST_ADJECTIVE = re.compile(
    r" (?=(?:(?:anti|pro)-[a-z]+|(?!(?:academic|alternative|antibiotic|clinic|critic|epidemic|fabric|"
    r"initiative|logic|magic|music|narrative|pandemic|panic|plastic|public|republic|rhetoric|traffic)\b)"
    r"(?-i:[a-z][a-z-]{2,}(?:able|ful|ible|ic|ical|ional|less|ous|[ai]tive|ssive))|"
    r"accurate|alive|clean|discriminatory|(?:dis)?proportionate|elitist|evil|fake|fragile|(?:un)?healthy|"
    r"(?:in)?(?:competent|dependent|efficient)|(?:ir)?relevant|(?:un)?just|lazy|man-made|obsolete|sexist|stupid|toxic|ugly|"
    r"vulnerable|weak|welcome|(?:cheap|clean|fair|green|health|poor|rich|safe|smart|strong|weak)i?e?r(?=$| than\b))"
    r"(?=$| (?:about|among|at|for|from|in|of|on|than|to|today|towards?|under|with|without)\b| (?:and|or) [a-z]+$))",
    re.IGNORECASE,
)
#: The lengths of the subject of "Is ...", in characters; a name such as "AI" or "UN" has only two, and "X" one.
SHORTEST, LONGEST = 3, 80
SHORT_NAME = re.compile(r"[A-Z]{2}|[B-HJ-Z]")
#: "Is 16 too young to vote?", but not "Are 20 good men enough?".
SHORT_NUMBER = re.compile(r"[£$€]?\d{1,2}%?(?= (?:an?|enough|still|the|too)\b)")
#: No subject ends with one of these words: "Is the ban on the burqa justified?", "Are all the good jobs gone?".
OPEN = re.compile(
    r"(?:^|.* )(?:about|above|across|after|against|along|amid|among|around|as|at|before|behind|below|between|beyond|by|"
    r"despite|during|except|for|from|in|inside|into|like|near|of|off|on|onto|outside|over|per|than|through|throughout|"
    r"to|toward|towards|under|until|unlike|upon|versus|via|vs|with|within|without|and|or|nor|but|not)"
    r"|all|both|half|such",
    re.IGNORECASE,
)
#: But a subject can end with a preposition that ends a clause without a relative pronoun: "the world we live in".
STRANDED = re.compile(r".*\b(?:we|you|they|i|he|she) \w+ \w+", re.IGNORECASE)
#: After these words, "to" and a verb belong to the subject: "Should the right to have an abortion be protected?".
NOUN_WITH_TO = re.compile(
    r".*\b(?:ability|attempts?|chance|choice|decisions?|duty|efforts?|freedom|liberty|licen[cs]e|obligation|"
    r"opportunity|permission|plans?|power|proposals?|refusal|requirement|rights?|wish)(?: not)? to",
    re.IGNORECASE,
)
#: After these words, "to" and a noun belong to the subject: "Is access to water a human right?".
NOUN_TO_NOUN = re.compile(
    r".*\b(?:access|aid|alternatives?|answers?|approach|attitude|commitment|contribution|damage|debt|exposure|harm|"
    r"key|links?|loyalty|objections?|opposition|path|resistance|response|return|road|route|solutions?|threats?|ties|"
    r"transition|visits?|way) to \w+",
    re.IGNORECASE,
)
#: An adverb that belongs to the predicate: "The police are institutionally racist", but not "the royal family" and not
#: "people in the country illegally".
ADVERB = re.compile(
    r"all|almost|already|also|always|both|ever|just|never|often|quite|really|so|sometimes|still|very|"
    r"(?!(?:ally|anomaly|assembly|belly|bully|butterfly|daily|early|elderly|family|folly|holy|(?:il)?legally|jelly|"
    r"(?:un)?lawfully|monopoly|monthly|oligopoly|rally|reply|supply|tally|weekly)$)(?-i:[a-z]{2,}ly)",
    re.IGNORECASE,
)
#: But an adverb of manner belongs to a verb form in the subject: "working remotely", "the right to protest peacefully".
MANNER = re.compile(
    r"abruptly|aggressively|anonymously|carefully|cheaply|directly|freely|gradually|hastily|heavily|hourly|immediately|"
    r"indefinitely|openly|peacefully|permanently|prematurely|privately|publicly|quickly|quietly|rapidly|remotely|"
    r"repeatedly|responsibly|safely|secretly|slowly|suddenly|temporarily|unilaterally|violently|yearly"
)
HAS_VERB_FORM = re.compile(r"\b(?:to [a-z]+|\w+ing|\w+ed|born|caught|found|held|made|paid|sold|taken)\b")
#: "Is $15 an hour too much?": the subject does not end before "an hour".
ENDS_IN_AMOUNT = re.compile(r"(?:.* )?[^\w\s]?\d\S*(?: (?:dollars|euros|hours|pounds|times))?", re.IGNORECASE)
A_UNIT = re.compile(r"an? (?:day|head|hour|minute|month|person|week|year)\b", re.IGNORECASE)
#: A remark between commas has begun and not ended: "the AfD, the far-right party".
WITHIN_COMMAS = re.compile(r"[^,]*,(?:[^,]*,[^,]*,)*")
#: The subject of "Are ..." is plural: in "children spending too much", "spending" is a verb.
PLURAL_BEFORE_VERB = re.compile(
    r"((?:(?:the|our|these|those|most|many|some) )?(?:\w+ )?(?:\w+[^\Wsui]s|people|men|women|children|police|media)) "
    r"(?!(?:housing|meeting|something|training|wedding)$)[a-z]+ing",
    re.IGNORECASE,
)
AN_OBJECT = re.compile(r"(?:a|an|the|any|no|more|less|too) ", re.IGNORECASE)
#: "bailing out", before an object that belongs to the subject: "Was bailing out the banks a mistake?".
WITH_ING_AND_PARTICLE = re.compile(r"(?:.* )?\w+ing (?:away|back|down|out|up)", re.IGNORECASE)
#: "to" and an infinitive, but not "to Ukraine".
ENDS_IN_TO = re.compile(r"(.*\bto) (?-i:[a-z])\w*", re.IGNORECASE)
#: The object of a verb form: "Is raising the minimum wage good?", but not "Is gambling the best way ...".
OBJECT = re.compile(
    r"the (?!(?:answer|best|cause|enemy|first|future|key|last|leading|main|most|next|only|price|problem|reason|result|"
    r"right|solution|wrong|\w+est)\b)",
    re.IGNORECASE,
)
#: This may be the object of a verb form that begins a subject: "owning a gun", "building more roads".
POSSIBLE_OBJECT = re.compile(r"\w+ing (?:a|an|any|no|more|less) \S+ ", re.IGNORECASE)
#: These verb forms have an object or a complement, so that the subject does not end behind them.
NEEDS_OBJECT = re.compile(
    r"(?:being|buying|doing|getting|giving|having|keeping|letting|making|owning|putting|taking|using) ",
    re.IGNORECASE,
)
#: After such an object the predicate begins with one of these words: "Is owning a gun a right?", but not "Is voting a
#: good idea?" and not "Is smoking a legal right?".
AFTER_OBJECT = re.compile(
    r" (?=(?:a|an|any|no|too|more|less|ever|still|really|actually|already|also|always|never|now|worth)\b"
    r"|the (?:answer|best|cause|enemy|first|future|key|last|leading|main|most|next|only|price|reason|result|right|"
    r"solution|\w+est)\b"
    r"|(?:good|bad|right|wrong|necessary|safe|ethical|effective|harmful|beneficial|justified|better|worse|important|"
    r"possible|acceptable|dangerous|enough|fair|illegal|immoral|legal|moral|racist|unfair|useless|wise)"
    r"(?=$| (?:for|to|in|with|of|on|at|about|than|enough)\b))",
    re.IGNORECASE,
)
#: No subject ends between these words and their noun.
ENDS_BEFORE_NOUN = re.compile(r".* (?:a|an|the|any|no|more|less)", re.IGNORECASE)
ENDS_IN_NOUN_PHRASE, MAY_BE_A_NOUN = (
    re.compile(r".* (?:a|an) \S+", re.IGNORECASE),
    ("right", "good", "wrong"),
)
ARTICLE = re.compile(r"(?:a|an|the) ", re.IGNORECASE)
ARTICLE_OR_NUMBER = re.compile(r"(?:a|an|the|any|no|more|less) ", re.IGNORECASE)
ENDS_IN_ARTICLE = re.compile(r"(?:^|.* )(?:a|an|the)(?: far)?", re.IGNORECASE)
#: Before an article, these words are a verb whose object follows: "the best way to ensure a safe world".
ENDS_IN_VERB = re.compile(r".* (?:to \w+|\w+ing)", re.IGNORECASE)
ENDS_IN_VERB_OF_CHANGE = re.compile(r".* (?:becoming|doing|getting)", re.IGNORECASE)
#: After such a beginning, the predicate comes first: "Was the mayor as good as the others?".
NO_LATER_PLACE = re.compile(r".* as \w+ as", re.IGNORECASE)
#: A verb form after a noun is the verb of the question: "Is the West losing ...", "Are women paid ...". After these
#: words it is not: "the ban on smoking", "the housing market", and an adverb between them changes nothing: "the rapidly
#: growing economy". Some nouns end like a verb form: "global warming".
BEFORE_A_NOUN = re.compile(
    r"a|about|after|against|an|and|as|at|before|between|but|by|despite|for|from|her|his|in|into|its|like|more|my|no|not|"
    r"of|on|or|our|over|per|than|that|the|their|these|this|those|through|to|under|via|while|with|without|your|.*['’]s",
    re.IGNORECASE,
)
#: Before an adverb and a verb form, these words begin a noun phrase too.
BEFORE_ADVERB_AND_NOUN = re.compile(
    r"all|both|each|every|few|many|most|several|some|any|own|\d+|two|three", re.IGNORECASE
)
#: These can belong to a noun that ends in -ing: "family planning", but not "the family becoming".
BEFORE_NOUN_IN_ING = re.compile(r"daily|early|elderly|family|monthly|supply|weekly")
PROGRESSIVE = re.compile(
    r"(?!(?:banking|bombing|building|drilling|farming|fishing|funding|gaming|housing|hunting|killing|king|learning|"
    r"(?:any|every|no)thing|lending|meeting|mining|morning|parenting|policing|schooling|shopping|something|spending|spring|teaching|testing|"
    r"thing|training|upbringing|voting|warming|wedding|wing)$)[a-z-]+ing"
)
#: These forms are often nouns, and the verb before a quantity of something ("Is Israel killing too many people?"), or
#: before "enough on" behind the name of somebody who acts: "Is Britain spending enough on defence?".
NOUN_OR_VERB = re.compile(
    r"(.+) (?:bombing|building|drilling|farming|fishing|funding|hunting|killing|lending|mining|policing|shopping|"
    r"spending|teaching|testing|training)"
)
QUANTITY_OF_A_NOUN = re.compile(
    r"(?:enough|too (?:few|little|many|much)) "
    r"(?!(?:about|and|already|as|at|because|but|by|compared|even|for|from|given|if|in|now|of|on|or|since|than|that|to|today|too|under|when|with)\b)\w"
)
QUANTITY_WITH_PREPOSITION = re.compile(r"(?:enough|too (?:little|much)) (?:on|for)\b")
ACTS = re.compile(r"(?:.* )?(?:[A-Z]\w*[a-z]|\w+[^\Wsui]s|people)|(?:the|our|this) [a-z]+")
#: A word without capitals before such a verb form can be a part of a noun: "carbon pricing", "insider trading".
PART_OF_A_NOUN = re.compile(r"[a-z][\w-]*")
#: But not before these verb forms, which are rarely a part of a noun: "Is inflation making life harder?".
RARELY_A_NOUN = re.compile(
    r"(?:becoming|beginning|being|betraying|blaming|bringing|calling|causing|changing|coming|corrupting|"
    r"costing|creating|crippling|declining|degrading|destroying|dividing|doing|driving|dying|eroding|"
    r"facing|failing|falling|forcing|gaining|getting|giving|going|growing|harming|having|helping|hurting|"
    r"ignoring|improving|increasing|keeping|leaving|letting|losing|making|moving|offering|"
    r"overturning|paying|posing|preventing|proving|putting|reaching|replacing|returning|rising|ruining|"
    r"running|saving|seeking|sending|shrinking|slowing|spreading|standing|stealing|stopping|struggling|"
    r"succeeding|suffering|taking|tearing|threatening|trying|turning|undermining|weakening|winning|"
    r"worsening)(?= |$)"
)
PARTICIPLE = re.compile(
    r"beaten|been|become|begun|broken|brought|built|chosen|come|done|driven|fallen|forgotten|found|given|gone|got|gotten|grown|kept|"
    r"lost|made|overtaken|overthrown|paid|proven|risen|seen|sent|shown|sought|spent|spoken|stolen|struck|taken|taught|"
    r"told|undertaken|withdrawn|won|"
    r"(?!(?:hatred|hundred|infrared|kindred|naked|sacred|wicked)$)[a-z]+[^\We]ed"
)
#: After "has", these too are participles. Elsewhere they are as often another form or a noun.
AFTER_HAS = re.compile(
    r"bought|burst|caught|cost|cut|drawn|fed|felt|fought|had|held|hit|hurt|led|left|let|met|put|read|run|said|set|"
    r"shrunk|shut|split|spread|stood|stuck|sunk|swept|swung|thought|thrown|torn|understood|worn|written"
)
#: Those of them that can be nouns: "Has the rate cut hurt savers?", "Has the far left let workers down?".
NOUN_AFTER_HAS = re.compile(r"burst|cost|cut|hit|left|put|read|run|set|split|spread|thought")
#: "The radical left" is a noun also if it is not known which word is the verb.
BEFORE_LEFT = re.compile(
    r"far|hard|new|old|woke|radical|liberal|political|progressive|religious|academic|extreme|moderate|American|British|"
    r"Christian|European|French|German|Israeli"
)
#: A participle with a particle, before an adverb, is the predicate: "Were the vaccines rolled out too fast?". Before
#: other words it may belong to the subject: "Are people locked up a threat?".
WITH_PARTICLE = re.compile(
    rf"(.+) (?:{PARTICIPLE.pattern}|caught|cut|drawn|fed|held|laid|led|put|run|set|shut|sold|spread|swept|thrown|torn|"
    r"wound|written) (?:away|back|down|home|in|off|out|over|up)"
)
HOW_DONE = re.compile(r"too (?:early|far|fast|hard|late|long|much|often|soon|[a-z]+ly)(?=$| (?:by|for|in)\b)")
#: A participle that describes the noun behind it: "mass unskilled immigration", "the armed forces".
BESIDE_A_NOUN = re.compile(r"armed|organi[sz]ed|un[a-z]+ed")
#: Before "of" a form in -ing is a noun, "the police shooting of a man", but for these: "Is the West dying of it?".
NOUN_BEFORE_OF = re.compile(
    r"(?!(?:approving|complaining|dying|getting|running|speaking|thinking)$)[a-z-]+ing"
)
#: "Are long working hours harmful?", "Is a four-day working week feasible?", "Are most developing countries poor?"
OF_ONE_NOUN = re.compile(
    r"working (?:class(?:es)?|conditions|days?|famil(?:y|ies)|hours|m[ae]n|mothers?|parents?|people|weeks?|wom[ae]n)|"
    r"developing (?:countr(?:y|ies)|nations?|world)|living (?:conditions|costs|standards|wages?)"
)
#: A verb form is a noun if only this follows: "Was the moon landing faked?", "Was the police shooting legal?".
NOUN_IN_ING = re.compile(
    rf"(?!{RARELY_A_NOUN.pattern}|"
    r"(?:acting|appearing|feeling|going|looking|remaining|seeming|sounding|staying|walking) )"
    rf"([a-z]+ing) (?:constitutional|ethical|fake|illegal|immoral|justified|"
    rf"legal|necessary|racist|unfair|[a-z]+[ai]ble|(?:{PARTICIPLE.pattern})(?: by .*)?)$"
)
#: In "Is he being given a fair trial?", what follows the participle is its object.
_GIVEN = "awarded|called|considered|denied|given|granted|handed|made|offered|paid|sent|shown|taught|told"
#: In "Is the law making war inevitable?", the last word describes the object.
_MAKING = (
    "becoming|being|calling|considering|declaring|deeming|doing|feeling|finding|getting|keeping|leaving|looking|making|"
    "proving|remaining|rendering|ruling|seeming|sounding|treating|turning"
)
_NOT_IN_OBJECT = (
    r"all|anything|as|be|everything|how|is|are|so|that|too|very|what|which|who|while|\w+ly|"
    + PARTICIPLE.pattern
)
#: If this follows, the verb form belongs to the subject: "Is the law guarding the vote a good thing?", "Is Israel
#: attacking Iran justified?".
RELATIVE = re.compile(
    rf" (?!(?:becoming|calling|causing|doing|giving|making|offering|paying|sending|turning|being (?:{_GIVEN})) )"
    r"[a-z]+ing (?:\S+ )*?\S+(?<!ing)(?<! away)(?<! down)(?<! off)(?<! out)(?<! up) an? .*"
    rf"| (?!(?:{_MAKING}) )[a-z]+ing (?:(?!(?:{_NOT_IN_OBJECT})\b)\S+ ){{1,6}}"
    r"(?:(?:un)?(?:acceptable|constitutional|ethical|justified|likely|necessary|wise)|inevitable|(?:il)?legal|"
    r"(?:im)?(?:moral|possible))"
)
#: After such a verb, another one without "to" can follow: "Will AI help us become better people?", "Should the state
#: ensure all children receive free meals?".
CAUSES = re.compile(r".+ (?:allow|ensure|force|guarantee|help|let|make|see|want|watch)s? ", re.IGNORECASE)
#: After such a verb, a clause without "that" can follow: "admit taxes have to rise".
STATES = re.compile(
    r".*\S (?<!\bto )(?:accept|acknowledge|admit|argue|assume|believe|concede|imply|know|mean|pretend|prove|"
    r"reali[sz]e|say|suggest|tell|think)s? (?!tanks?\b)\S.*"
    # No subject ends in a modal verb, but in "free will" and "military might" it is a noun.
    rf"|.* (?<!\bthe )(?<!\ba )(?<!free )(?<!military )(?<!political )(?<!popular )"
    rf"(?<!['’]s )(?<!s['’] )(?<!of )(?-i:{'|'.join(sorted(MODALS))})",
    re.IGNORECASE,
)
BE = re.compile(r"(?:not )?be ", re.IGNORECASE)
#: A clause whose first word is left out or begins one: "the damage they have caused", "once people have it".
CLAUSE_BEFORE_VERB = re.compile(
    r".*\b(?:(?:we|you|they|i)|(?:once|until|before|after|while|as) .+)", re.IGNORECASE
)
#: After these verbs, "be" can belong to what is demanded: "require children be vaccinated".
DEMANDS = re.compile(r".*\b(?:require|demand|insist|recommend) .+", re.IGNORECASE)
CLAUSE = re.compile(
    r"\b(that|which|who|whom|whose|whether|because|if|when|where|unless|or|how|why|what)\b", re.IGNORECASE
)
QUOTATION_BEGINS = re.compile(r"[“‘]|(?<!\w)[\"']")
QUOTATION_ENDS = re.compile(r"”|(?<=[\w.!?])’(?!\w)|(?<=[\w.!?])[\"'](?!\w)")
