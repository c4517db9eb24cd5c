"""Where a caller is: whoever the connection is from, unless that is a proxy that was told to be believed."""

import pytest
import uvicorn
from pydantic import ValidationError

from core.actors import system
from hexmart import server
from hexmart.app import Application
from hexmart.settings import Settings
from hexmart.testing import Client, World
from tests.hexmart.asking import JSON, ask

pytestmark = pytest.mark.anyio

PEER = "192.0.2.1"  # as asking.ask has it
CALLER = "203.0.113.9"
SET = b'{"query": "mutation { brandOriginsSet(input: {origins: []}) { userErrors { code } } }"}'
ADDRESS = "SELECT address FROM audit_entry WHERE tenant_id = $1 AND action = 'brand.origins_set'"


@pytest.mark.parametrize(
    ("believed", "forwarded", "address"),
    [
        (None, [CALLER], PEER),
        ("127.0.0.1", [CALLER], PEER),
        (PEER, [CALLER], CALLER),
        ("192.0.2.0/24, 10.0.0.0/8", [CALLER], CALLER),
        (PEER, [f"198.51.100.7, {CALLER}"], CALLER),  # the first was the caller's own invention
        (PEER, ["198.51.100.7", CALLER], CALLER),
        ("192.0.2.0/24,10.0.0.0/8", [f"198.51.100.7, {CALLER}, 10.1.2.3"], CALLER),
        (PEER, ["2001:db8::7"], "2001:db8::7"),
        (PEER, [], PEER),
    ],
)
async def test_the_address_is_the_last_that_no_believed_proxy_has(
    application: Application,
    settings: Settings,
    world: World,
    client: Client,
    believed: str | None,
    forwarded: list[str],
    address: str,
) -> None:
    told = settings.model_copy(update={"forwarded_allow_ips": believed})
    config = uvicorn.Config(application, **server._options(told) | {"lifespan": "off"})
    config.load()
    owner = await client.staff(world.email("owner"))
    headers = [JSON, ("X-Tenant", world.tenant.slug), ("Authorization", f"Bearer {owner.token}")]
    names = [("X-Forwarded-For", one) for one in forwarded]
    others = [("Forwarded", f"for={CALLER}"), ("X-Real-IP", CALLER), ("X-Forwarded-Host", "other.localhost")]
    answer = await ask(config.loaded_app, headers=[*headers, *names, *others], parts=[SET])
    assert answer.json()["data"]["brandOriginsSet"]["userErrors"] == []
    async with application.platform.open_work(world.tenant, system("test"), read_only=True) as work:
        assert await work.value(ADDRESS) == address


@pytest.mark.parametrize(
    "told", ["*", "proxy", "10.0.0.0/33", "10.0.0.1/8", "127.0.0.1,,10.0.0.1", "127.0.0.1;10.0.0.1"]
)
def test_what_is_no_address_is_refused(told: str) -> None:
    with pytest.raises(ValidationError, match="write addresses and networks"):
        Settings(forwarded_allow_ips=told)


def test_an_environment_variable_of_uvicorns_own_decides_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    assert server._options(settings)["proxy_headers"] is False


@pytest.mark.parametrize("level", ["TRACE", "5", "all"])
def test_a_level_at_which_uvicorn_would_write_down_headers_is_refused(level: str) -> None:
    with pytest.raises(ValidationError, match="a level is DEBUG"):
        Settings(log_level=level)
    assert Settings(log_level="debug").log_level == "DEBUG"
