"""What the attacks start from."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from fnmatch import fnmatch

import pytest
from graphql import GraphQLSchema

from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing.openid import running
from schema.engine import documents
from tests.architecture.surface import served
from tests.difference.asking import UNLIMITED
from tests.security.attack import books
from tests.security.attack.brands import OpenProvider, Theatre, set_up
from tests.security.attack.cases import Case, cases
from tests.tenants.rows import Connection, dsn

MANY = 1_000_000  #: tokens of documents that are kept


@pytest.fixture(scope="session")
async def patient(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """An application that takes documents of any size: one shows everything that a field leads to."""
    limits = {"storefront_limits": UNLIMITED, "staff_limits": UNLIMITED}
    with pytest.MonkeyPatch.context() as patch:  # each is asked hundreds of times: to read them anew takes longest
        patch.setattr(documents, "_TOKENS", MANY)
        made = create_app(databases, settings.model_copy(update=limits), with_worker=False)
    yield made
    await made.platform.close()


@pytest.fixture(scope="session")
async def past(databases: Databases) -> AsyncIterator[Connection]:
    """A way to the rows past the application."""
    connection = await books.connect(dsn(databases.owner))
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
def schema() -> GraphQLSchema:
    """The schema that is attacked: all that is served."""
    return served().graphql


@pytest.fixture(scope="session")
def calls(schema: GraphQLSchema) -> Sequence[Case]:
    """Every call that the schema allows."""
    return cases(schema)


@pytest.fixture(scope="session")
async def open_provider() -> AsyncIterator[OpenProvider]:
    """Open an OpenID provider, by which staff of a brand may sign in."""
    async with AsyncExitStack() as stack:
        yield lambda: stack.enter_async_context(running("Ed25519"))


@pytest.fixture(scope="module")
async def theatre(
    request: pytest.FixtureRequest,
    patient: Application,
    past: Connection,
    calls: Sequence[Case],
    open_provider: OpenProvider,
) -> Theatre:
    """Two brands and a twin, and nothing asked yet; each module has its own, since much is used up.

    A module says by `READ` which calls are read with the others there and without them.
    """
    read = [case for case in calls if fnmatch(case.name, getattr(request.module, "READ", ""))]
    return await set_up(patient, past, calls, read, open_provider)
