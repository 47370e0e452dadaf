"""The words by which reported speech is told from the author's own sentences; `models.attributions` has the rules.

Each name is a part of a regular expression that is compiled without regard to case.
"""

from __future__ import annotations

#: "Critics say the plan is bad": after these verbs a clause can follow without "that".
VERBS_BEFORE_A_CLAUSE = (
    r"says?|said|argues?|argued|claims?|claimed|insists?|insisted|contends?|contended|alleges?|alleged|"
    r"believes?|believed|thinks?|thought|complains?|complained"
)
#: After these verbs an object follows as often ("wrote a letter"), and many of their forms are participles ("the cuts
#: announced this week"). A clause is certain only after "that" or a colon, or if it begins with a pronoun.
VERBS_BEFORE_THAT = (
    r"maintains?|maintained|asserts?|asserted|counters?|countered|objects?|objected|suggests?|suggested|"
    r"writes?|wrote|declares?|declared|announced|stress(?:es|ed)?|emphasi[sz]e[sd]?|stated|explains?|explained|"
    r"acknowledge[sd]?|concede[sd]?|admits?|admitted|repl(?:y|ies|ied)|retorts?|retorted|warns?|warned"
)
#: After these verbs the person follows to whom it is said.
VERBS_BEFORE_A_LISTENER = r"warns?|warned|told|tells?"
VERBS = rf"{VERBS_BEFORE_A_CLAUSE}|{VERBS_BEFORE_THAT}|told|tells?"

#: No clause begins with these words, or it is not known whether one does: "say yes", "claimed here", "say how".
NO_CLAUSE = (
    r"is|are|was|were|has|have|had|will|would|of|for|and|or|to|by|in|on|with|from|against|about|made|through|under|"
    r"after|before|over|between|among|during|since|until|into|without|within|at|as|than|goodbye|so|no|yes|nothing|"
    r"little|more|much|but|yet|though|yesterday|today|here|above|below|earlier|later|elsewhere|otherwise|how|why|what|which|who|"
    r"whether|when|where|tanks?|victory|credit|responsibility|(?:\S{1,30}\s){0,2}lives"
)
#: No clause follows these: "claim asylum", "think twice". But in "Ministers say asylum seekers ..." one does.
NO_REPORT = (
    r"claim(?:s|ed)?\s+(?:asylum(?!\s(?:seekers?|claims?|applica))|(?:\S{1,30}\s)?benefits?"
    r"(?!\s(?:is|are|was|were|will|would|must|should|can|could|have|has|outweigh))|universal\scredit|expenses|"
    r"deductions?|compensation|damages|refunds?|tax\s(?:credits?|relief|breaks?))"
    r"|(?:thinks?|thought)\s+(?:differently|twice|hard|big|ahead|alike|aloud|carefully|critically)"
)
#: Listeners after whom a clause can follow without "that".
LISTENERS = r"me|him|her|them|reporters|journalists|lawmakers|senators|voters|supporters|colleagues|pollsters"
#: After "tells", these words do not name somebody to whom a claim is reported: in "History tells us" the author draws
#: the conclusion, and in "tells a story" the word is the object.
NO_LISTENER = (
    r"us|that|they|he|she|it|we|you|by|in|of|or|and|here|yesterday|today|"
    r"(?:(?:an?|the|this|his|her|their|its)\s)?(?:\S+\s)?(?:stor(?:y|ies)|lies?|tales?|truth|jokes?)"
)
#: The time and the place of what is said, between the verb and "that".
TIMES = (
    r"yesterday|today|tonight|recently|earlier|later|again|once|then|here|however|though|too|(?:last|this|next)\s\w+|"
    r"\w{3,6}day|\w+ly"
)
PREPOSITIONS = r"on|in|at|to|during|before|after|with|for|from|over|through|about|against|as"
#: A phrase between the verb and "that" has none of these: "announced this week is so bad that".
NO_PART_OF_A_PHRASE = (
    r"is|are|was|were|be|has|have|had|will|would|must|should|shall|can|could|may|might|do|does|did|and|who|which|so|"
    r"such|too|that"
)

#: Things, which cannot speak. "The evidence suggests" and "History tells us" are the author's own conclusions.
THINGS = (
    r"evidence|data|numbers?|figures|facts?|history|experience|polls?|polling|surveys?|study|studies|research|records?|"
    r"failures?|arithmetic|math|maths|logic|reason|sense|silence|years|decades|centuries|worth|lessons?|constitution|"
    r"statistics|reality|realities|results?|outcomes?|analysis|odds|trends?|signs?|events|words?|metaphor|economics|"
    r"science|theory|success|tradition|wisdom|intuition|instincts?|this|these|everything|something"
)
#: These are texts and acts that can say something; but "suggests" after them introduces the author's conclusion.
THINGS_THAT_SUGGEST = (
    r"reports?|predictions?|projections?|scenarios?|models?|estimates?|forecasts?|policy|policies|behaviou?r|actions?|"
    r"votes?|elections?|examples?|cases?|fears?|hopes?|"
    r"patterns?"
)
#: A sentence such as "Few believe that ..." denies what follows "that".
NOBODY = r"(?<!a )few|none|no|nothing|neither|hardly|scarcely|barely"
