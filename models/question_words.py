"""The words with which yes-or-no questions begin, and forms of verbs in them."""

from __future__ import annotations

import re

MODALS = frozenset(("should", "shall", "must", "can", "could", "will", "would", "may", "might"))
#: The first words of yes-or-no questions.
FIRST_VERBS = (
    "should|shall|must|can|could|will|would|may|might|ought|is|are|was|were|do|does|did|has|have|had"
)
#: Before these words, "not" can belong to them: "not all men are equal".
QUANTIFIER = r"all|any(?:body|one|thing)?|both|each|every(?:body|one|thing)?|many|much"
#: A subject that is certainly whole.
PRONOUN = re.compile(r"(?:it|there|they|we|you|he|she|i)(?= )", re.IGNORECASE)
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
#: After such a verb, another one without "to" can follow: "Will AI help us become better people?", "Should the state
#: ensure all children receive free meals?".
CAUSES = re.compile(r".+ (?:allow|ensure|force|guarantee|help|let|make|see|want|watch)s? ", re.IGNORECASE)
