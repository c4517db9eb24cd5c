"""A provider's addresses are a brand's to choose, and what runs near us is nobody's to ask through them."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import httpx
import pytest

from core.identity.openid import network
from core.identity.openid.discovery import discover, read
from core.identity.openid.errors import ProviderAway
from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import Client, World
from tests.schema.openid_visits import codes, start

pytestmark = pytest.mark.anyio

PUBLIC = "93.184.215.14"
#: what names stand for, answer by answer
NAMES: dict[str, list[list[str]]] = {
    "public.example": [[PUBLIC]],
    "local.example": [["127.0.0.1"]],
    "private.example": [["10.1.2.3"]],
    "six.example": [["::1"]],
    "mapped.example": [["::ffff:10.0.0.1"]],
    "mixed.example": [[PUBLIC, "127.0.0.1"]],
    "metadata.example": [["169.254.169.254"]],
    "nowhere.example": [[]],
    "flips.example": [[PUBLIC], ["127.0.0.1"]],
}
ADDRESSES = (
    *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255"),  # noqa: S104 - none is listened at
    *("192.168.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[fe80::1]", "[fc00::1]"),
    *("[fd12:3456::1]", "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[2001:db8::1]"),
    *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "017700000001", "localhost"),
    *(name for name in NAMES if name not in {"public.example", "flips.example"}),
)
URLS = (
    *(f"https://{address}" for address in ADDRESSES),
    *(f"http://{host}" for host in ("public.example", "127.0.0.1", "[::1]", "169.254.169.254", "localhost")),
    *(f"https://public.example:{port}" for port in (22, 25, 80, 5432, 6379, 8080, 8443, 65535)),
    "https://somebody@public.example",
    "https://public.example@127.0.0.1",
    "https://127.0.0.1#@public.example",
    "https://public.example\\@127.0.0.1",
    *("gopher://public.example", "file:///etc/passwd", "ftp://public.example", "dict://127.0.0.1:6379/info"),
    *("ws://public.example", "unix:///tmp/socket", "https://", "https:///", "//127.0.0.1", "127.0.0.1", ""),
)


@pytest.fixture
async def strict(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """The application as it is in production: no provider is near."""
    made = create_app(databases, settings.model_copy(update={"loopback_providers": False}), with_worker=False)
    yield made
    await made.platform.close()


@pytest.fixture
async def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names are answered from the list above; gives those that were asked for."""
    asked: list[str] = []
    loop = asyncio.get_running_loop()
    real = loop.getaddrinfo

    async def answer(host: str, *more: Any, **named: Any) -> Any:
        if host not in NAMES:
            return await real(host, *more, **named)
        answers = NAMES[host]
        found = answers[min(asked.count(host), len(answers) - 1)]
        asked.append(host)
        if not found:
            raise socket.gaierror("no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in found]

    monkeypatch.setattr(loop, "getaddrinfo", answer)
    return asked


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """Requests that would have been sent, each answered by an empty object."""
    sent: list[httpx.Request] = []

    async def answer(_: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={})

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", answer)
    return sent


async def test_what_is_near_is_not_asked_whatever_a_provider_is_called(
    strict: Application, client: Client, world: World, looked_up: list[str], connected: list[httpx.Request]
) -> None:
    owner = await replace(client, application=strict).staff(world.email("owner"))
    assert (await owner.do("brandOriginsSet", {"origins": ["https://shop.example"]}))["userErrors"] == []
    asked = []
    for url in URLS:
        wanted = {"name": "work", "issuer": url, "clientId": "a"}
        is_none = codes(await owner.do("identityProviderSet", wanted, "provider { name }")) == ["INVALID"]
        if not is_none and codes(await start(owner, redirectUri="https://shop.example/")) != ["PROVIDER_AWAY"]:
            asked.append(url)
        for endpoint in (url, f"{url}/keys"):  # which a provider tells us, where a brand's was looked at
            try:
                await read(endpoint, loopback=False)
                asked.append(endpoint)
            except ProviderAway:
                pass
    tried = 3 * len(URLS)
    print(f"\nssrf: {tried - len(asked)}/{tried} blocked")  # noqa: T201 - the figure is wanted
    assert asked == []
    assert connected == []
    assert looked_up
    await read("https://public.example/keys", loopback=False)
    assert [(one.url.host, one.headers["host"]) for one in connected] == [(PUBLIC, "public.example")]


async def test_a_name_is_looked_up_once_and_that_address_is_connected_to(
    looked_up: list[str], connected: list[httpx.Request]
) -> None:
    assert await read("https://flips.example/keys", loopback=False) == {}
    assert looked_up == ["flips.example"]
    [sent] = connected
    assert (sent.url.scheme, sent.url.host, sent.headers["host"]) == ("https", PUBLIC, "flips.example")
    assert sent.extensions["sni_hostname"] == "flips.example"  # the certificate must be the name's
    with pytest.raises(ProviderAway):
        await read("https://flips.example/keys", loopback=False)
    assert len(connected) == 1


async def test_nothing_is_said_of_what_there_is_near(looked_up: list[str], connected: list[httpx.Request]) -> None:
    said = set()
    for url in (
        "https://local.example",
        "https://nowhere.example",
        "https://public.example:22",
        "https://mixed.example",
    ):
        with pytest.raises(ProviderAway) as refused:
            await discover(url, loopback=False)
        said.add(refused.value.message)
    assert len(said) == 1
    assert looked_up
    assert not connected


async def test_a_connection_is_made_where_it_may_be_so_that_it_would_be_seen() -> None:
    came = asyncio.Event()

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        for url in (f"http://127.0.0.1:{port}", f"https://127.0.0.1:{port}", f"https://localhost:{port}"):
            with pytest.raises(ProviderAway):
                await read(url, loopback=False)
        await asyncio.sleep(0)
        assert not came.is_set()
        with pytest.raises(ProviderAway):
            await read(f"http://127.0.0.1:{port}", loopback=True)
        assert came.is_set()


async def test_a_near_provider_is_as_near_as_this_machine_and_no_nearer() -> None:
    for url in (
        "http://10.0.0.1",
        "http://169.254.169.254",
        "http://[fe80::1]",
        "ftp://127.0.0.1",
        "file://localhost/x",
    ):
        with pytest.raises(ProviderAway):
            await read(url, loopback=True)


@pytest.mark.parametrize(
    ("address", "public"),
    [("1.1.1.1", True), ("2606:4700:4700::1111", True), ("::ffff:1.1.1.1", True), ("64:ff9b::101:101", True)]
    + [(one.strip("[]"), False) for one in ADDRESSES if one[0] in "[1" and not one.isdigit() and one != "127.1"],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert network.is_public(ip_address(address)) == public


def test_production_cannot_be_told_to_ask_itself() -> None:
    with pytest.raises(ValueError, match="LOOPBACK_PROVIDERS"):
        Settings(production=True, secret="x" * 32, loopback_providers=True)
    assert not Settings().loopback_providers
