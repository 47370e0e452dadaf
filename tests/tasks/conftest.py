from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tenacity import wait_random

from tasks import attempts
from tests.tasks.loopback import Site, loopback_site


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with loopback_site() as site:
        yield site


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the pauses before further attempts short; ``test_attempts.py`` tests how long they are."""
    monkeypatch.setattr(attempts, "_BACKOFF", wait_random(0.01, 0.02))
