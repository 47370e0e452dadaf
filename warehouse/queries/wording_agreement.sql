-- On which targets do the wordings disagree? In how many of the articles asked several of them all lean to one side.
FROM wording_agreement()
