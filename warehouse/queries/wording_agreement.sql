-- On which targets do the wordings disagree? The share of the articles asked several wordings in which all wordings
-- lean to one side; it is empty for fewer than 5 articles (few).
-- Empty: no target with several wordings has been asked yet; see docs/howto/targets.md.
FROM wording_agreement()
