"""The probes of a scanner find nothing on a production server, and everything on one that is lax."""

from collections.abc import AsyncIterator

import httpx
import pytest

from hexmart.app import Application
from hexmart.databases import Databases
from hexmart.testing.brands import build_world
from tests.security.edge.lax import lax
from tests.security.edge.more_probes import MORE
from tests.security.edge.probes import TWELVE, Probe
from tests.security.edge.serving import served

pytestmark = pytest.mark.anyio

PROBES = TWELVE | MORE
SECRET = "a secret of production, long enough to be one"


@pytest.fixture(scope="module")
async def production(
    application: Application, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """A guest of a brand that a production server serves."""
    world = await build_world(application.platform)
    told = {"HEXMART_DATABASE_URL": databases.owner, "HEXMART_PRODUCTION": "1", "HEXMART_SECRET": SECRET}
    with served(tmp_path_factory.mktemp("scanned") / "log", told) as server:
        async with httpx.AsyncClient(base_url=server.url, headers={"X-Tenant": world.tenant.slug}, timeout=60) as http:
            yield http


@pytest.fixture
async def laxity() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=lax), base_url="http://lax.example") as http:
        yield http


def test_there_are_twelve_and_more() -> None:
    assert (len(TWELVE), len(MORE)) == (12, 17)


async def test_the_scanned_server_answers(production: httpx.AsyncClient) -> None:
    answer = await production.post("/graphql", json={"query": "{ products { nodes { name } } }"})
    assert len(answer.json()["data"]["products"]["nodes"]) == 3


@pytest.mark.parametrize(("name", "probe"), PROBES.items(), ids=list(PROBES))
async def test_a_probe_finds_nothing(production: httpx.AsyncClient, name: str, probe: Probe) -> None:
    found = await probe(production)
    whose = "graphql-cop" if name in TWELVE else "another"
    print(f"{name} ({whose}): {'VULNERABLE' if found else 'safe'}")  # noqa: T201 - the figure is wanted
    assert not found


@pytest.mark.parametrize(("name", "probe"), PROBES.items(), ids=list(PROBES))
async def test_the_same_probe_finds_a_lax_server(laxity: httpx.AsyncClient, name: str, probe: Probe) -> None:
    assert await probe(laxity), f"{name} would find nothing anywhere"
