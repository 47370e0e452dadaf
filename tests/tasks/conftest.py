from collections.abc import AsyncIterator

import pytest_asyncio

from tests.tasks.loopback import Site, loopback_site


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with loopback_site() as site:
        yield site
