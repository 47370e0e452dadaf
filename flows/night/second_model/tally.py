"""Counts of a run's questions to the second model, as numbers and as sentences for people."""

from dataclasses import dataclass

from tasks.second_model.ask import SecondReading
from tasks.second_model.settings import SecondModelSettings
from tasks.text.numbers import articles


@dataclass(frozen=True, slots=True)
class SecondModelResult:
    """The questions of a run to the second model, for people; with its defaults if it was not asked.

    Attributes
    ----------
    sentences
        What was asked and answered, and why it stopped if it did.
    stopped
        The one of these sentences that says why it stopped before all was asked; empty if it did not.
    """

    sentences: tuple[str, ...] = ()
    stopped: str = ""


@dataclass(slots=True)
class Tally:
    """Counts of a run's questions to the second model, and the reason if it stopped before all were asked."""

    articles: int = 0
    answered: int = 0
    failed: int = 0
    answers: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    stopped: str = ""
    left: int = 0
    last_problem: str = ""

    def count(self, readings: tuple[SecondReading, ...]) -> None:
        """Add the results of a micro-batch to the counts."""
        for reading in readings:
            self.articles += 1
            self.answered += bool(reading.answers)
            self.answers += len(reading.answers)
            self.tokens_in += reading.tokens_in
            self.tokens_out += reading.tokens_out
            if not reading.answers:
                self.failed += 1
                problems = next(iter(reading.problems.values()), "")
                self.last_problem = reading.failure or problems or self.last_problem

    def result(self, settings: SecondModelSettings, *, is_night: bool) -> SecondModelResult:
        """Give the counts as sentences for the summary.

        Parameters
        ----------
        is_night
            Whether a night asked, so that the next one goes on; a re-score goes on only with the same command.
        """
        cost = cost_of(self.tokens_in, self.tokens_out, settings)
        sentences = [
            f"{articles(self.articles)} asked about, {self.answered:,} of them with an answer, "
            f"{self.answers:,} answers; {self.tokens_in:,} tokens sent, {self.tokens_out:,} answered"
            + (f", {cost}" if cost else "")
        ]
        if self.failed:
            sentences.append(
                f"{self.failed:,} without an answer that can be used, to be asked again (last: {self.last_problem})"
            )
        if not self.stopped:
            return SecondModelResult(tuple(sentences))
        goes_on = " for the next night" if is_night else ", and the same command goes on"
        left = (
            f"; {articles(self.left)} {'is' if self.left == 1 else 'are'} left{goes_on}" if self.left else ""
        )
        stopped = f"stopped: {self.stopped}{left}"
        return SecondModelResult((*sentences, stopped), stopped)


def cost_of(tokens_in: int, tokens_out: int, settings: SecondModelSettings) -> str:
    """Give the cost of tokens by the configured price; empty if no price is configured."""
    if settings.price_per_million is None:
        return ""
    price_in, price_out = settings.price_per_million
    return f"{(tokens_in * price_in + tokens_out * price_out) / 1e6:.4f} by price_per_million"
