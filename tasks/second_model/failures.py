"""Failures of a second model, by what must be done about them. None of them may stop a night."""


class SecondModelFailure(Exception):  # noqa: N818 - a base for what is expected of servers
    """A request failed; the text is a sentence for people and never contains the key."""


class TryAgain(SecondModelFailure):
    """The same request may succeed later.

    Attributes
    ----------
    after
        Seconds that the server asks to wait; None if it names no time.
    may_cost
        Whether the server may have worked on the request before it failed, so that its tokens count.
    """

    def __init__(self, reason: str, *, after: float | None = None, may_cost: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.may_cost = may_cost


class TooLong(SecondModelFailure):
    """The server answers that the request does not fit into the model's context."""


class NotUnderstood(SecondModelFailure):
    """The server refuses the request: for a parameter, which a plainer form of it lacks, or for its text."""


class BadAnswer(SecondModelFailure):
    """The model answered, but the answer cannot be used.

    Attributes
    ----------
    tokens_in, tokens_out
        Tokens sent and answered.
    """

    def __init__(self, reason: str, *, tokens_in: int, tokens_out: int) -> None:
        super().__init__(reason)
        self.tokens_in = tokens_in
        self.tokens_out = tokens_out


class StopAsking(SecondModelFailure):
    """Nothing more may be asked in this run: the server is down, refuses us, or the money is used up."""


class OverBudget(StopAsking):
    """The night's budget is used up; the next night continues."""
