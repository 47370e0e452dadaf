"""How many examples hypothesis makes up: few, or many with ``pytest --hypothesis-profile many``.

A busy machine is no fault: no example has a deadline of its own.
"""

from hypothesis import settings

settings.register_profile("few", deadline=None)
settings.register_profile("many", deadline=None, max_examples=5_000)
settings.load_profile("few")
