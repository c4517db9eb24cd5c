"""What attacks on partners' apps start from."""

from collections.abc import AsyncIterator

import pytest

from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.loopback import served
from tests.security.oauth.partner import Partner, let_in


@pytest.fixture
async def partner(client: Client, world: World) -> Partner:
    """An app that can keep a secret."""
    return await let_in(client, world)


@pytest.fixture
async def public(client: Client, world: World) -> Partner:
    """An app of the same brand that cannot."""
    return await let_in(client, world, confidential=False)


@pytest.fixture
async def rival(client: Client, world: World) -> Partner:
    """Another app of the same brand."""
    return await let_in(client, world, name="A rival")


@pytest.fixture
async def abroad(client: Client, other_world: World) -> Partner:
    """An app of another brand."""
    return await let_in(client, other_world)


@pytest.fixture
async def origin(application: Application) -> AsyncIterator[str]:
    """Where the application really is served."""
    async with served(application) as found:
        yield found
