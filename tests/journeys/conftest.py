"""What the product's own clients ask runs compiled."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from hexmart.testing import Client


@pytest.fixture
async def client(client: Client) -> AsyncIterator[Client]:
    """No root field of a journey is completed by graphql-core; one that was refused has nothing to complete."""
    tally = client.application.engine.tally
    before = Counter(tally)
    yield client
    assert set(tally - before) <= {"compiled", "refused"}
