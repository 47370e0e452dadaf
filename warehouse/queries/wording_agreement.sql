-- On which targets do the wordings disagree? In how many of the articles asked several of them all lean to one side.
-- Empty: no target with several wordings has been asked yet; see docs/howto/targets.md.
FROM wording_agreement()
