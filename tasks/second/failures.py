"""What can go wrong with a second model, by what is to be done about it. None of it may stop a night."""


class SecondModelFailure(Exception):  # noqa: N818 - a base for what is expected of servers
    """Something did not work; the text is a sentence for people and never holds the key."""


class TryAgain(SecondModelFailure):
    """The same request may succeed later.

    Attributes
    ----------
    after
        Seconds that the server asks to wait; None where it says nothing.
    may_cost
        Whether the server may have worked on the request before it failed, and so counts its tokens.
    """

    def __init__(self, reason: str, *, after: float | None = None, may_cost: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.may_cost = may_cost


class TooLong(SecondModelFailure):
    """The server says that the request does not fit into the model's context."""


class NotUnderstood(SecondModelFailure):
    """The server refuses a parameter of the request; it can be asked in a plainer way."""


class BadAnswer(SecondModelFailure):
    """The model answered, and not in a way that can be used."""


class StopAsking(SecondModelFailure):
    """Nothing more is to be asked in this run: the server is down, refuses us, or there is no money left."""


class OverBudget(StopAsking):
    """The night's budget is used up: the next night goes on."""
