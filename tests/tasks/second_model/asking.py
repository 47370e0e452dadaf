"""A piece, two targets, and a connection to the server of the tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from models import Target
from tasks.second_model.ask import Inquiry
from tasks.second_model.breaker import Breaker
from tasks.second_model.budget import TokenBudget
from tasks.second_model.client import SecondModel
from tasks.second_model.settings import SecondModelSettings
from tests.tasks.second_model.chat_server import ChatServer

TEXT = (
    "Everybody talks about the toll. I have changed my mind about it, and the council should vote for it. "
    '"It is a tax on the poor," says the mayor. We will see.'
)
SENTENCES = TEXT.count(". ") + 1
TOLL = Target("toll", "The city should have a toll.")
RENT = Target("rent", "Rents should be capped.")
KEY = "sk-very-secret-0123456789"


def inquiry(text: str = TEXT, *targets: Target, title: str = "On the toll", number: int = 0) -> Inquiry:
    return Inquiry(f"{number:032x}", 1, title, text, "en", targets or (TOLL, RENT), "unsure")


@dataclass
class Counted:
    """A budget that records reserved and settled tokens, and the articles that have a place."""

    reserved: list[int] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)

    async def reserve(self, tokens: int, articles: int) -> int:
        self.reserved.append(tokens)
        self.articles.append(articles)
        return len(self.reserved) - 1

    async def settle(self, reservation: int, tokens: int, articles: int) -> None:
        self.settled.append(tokens)
        self.articles[reservation] = articles


@asynccontextmanager
async def connected(
    server: ChatServer, budget: TokenBudget | None = None, breaker: Breaker | None = None, **changes: Any
) -> AsyncIterator[SecondModel]:
    values: dict[str, Any] = {"url": server.url, "model": "tiny", "timeout_s": 5, "context_tokens": 8192}
    settings = SecondModelSettings.model_validate(values | changes)
    async with SecondModel(settings, KEY, budget or Counted(), breaker) as model:
        yield model
