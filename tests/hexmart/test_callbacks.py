"""Providers call over HTTP: the plugin answers whose address it is, and everybody else learns nothing."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from uuid import UUID, uuid4

import httpx
import pytest

from core import callbacks
from core.actors import system
from core.callbacks import Callback, CallbackRoute, Reply
from core.hooks import hookimpl
from core.vault import Vault
from hexmart import callbacks as serving
from hexmart.app import Application
from hexmart.testing import UsePlugins, World
from tenants import Platform, suspend
from tenants.plugins import disable, enable

pytestmark = pytest.mark.anyio

NAME = "courier"
CANARY = "a-word-that-nobody-may-read"
COUNT = "SELECT count(*) FROM callback_endpoint WHERE tenant_id = $1"


class Courier:
    """Answers in as many ways as there are."""

    def __init__(self) -> None:
        self.heard: list[Callback] = []

    @hookimpl
    def register_callbacks(self) -> Sequence[CallbackRoute]:
        answers = (self.status, self.raises, self.hangs, self.blunders)
        return [CallbackRoute(answer.__name__, answer) for answer in answers]

    async def status(self, callback: Callback) -> Reply:
        self.heard.append(callback)
        async with callback.works() as work:
            seen = await work.value(COUNT)
        return Reply(201, f"{work.brand.slug} {seen}".encode(), "text/plain")

    async def raises(self, _: Callback) -> Reply:
        raise RuntimeError(CANARY)

    async def hangs(self, _: Callback) -> Reply:
        await asyncio.get_running_loop().create_future()
        return Reply()

    async def blunders(self, _: Callback) -> Reply:
        return {"status": "ok"}  # type: ignore[return-value]  # which is what it does wrong


@pytest.fixture
async def courier(use_plugins: UsePlugins) -> Courier:
    made = Courier()
    await use_plugins(courier=made)
    return made


async def address_of(platform: Platform, world: World, route: str = "status") -> UUID:
    async with platform.open_work(world.tenant, system("test")) as work:
        return await callbacks.endpoint(work, NAME, route, subject="store 7")


async def call(
    application: Application, path: str, body: bytes = b"{}", method: str = "POST", **headers: str
) -> httpx.Response:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        return await http.request(method, path, content=body, headers=headers)


async def hear(application: Application, address: UUID) -> httpx.Response:
    return await call(application, f"/callbacks/{NAME}/{address.hex}")


async def test_a_plugin_is_handed_what_was_sent_and_answers_for_its_brand(
    application: Application, platform: Platform, world: World, courier: Courier
) -> None:
    address = await address_of(platform, world)
    path = f"/callbacks/{NAME}/{address.hex}?a=1&a=%20"
    answer = await call(application, path, b'{ "raw": \xff}', **{"X-Signature": "abc"})
    assert (answer.status_code, answer.text) == (201, f"{world.tenant.slug} 1")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    [heard] = courier.heard
    assert (heard.body, heard.query, heard.subject) == (b'{ "raw": \xff}', "a=1&a=%20", "store 7")
    assert (heard.endpoint, heard.headers["x-signature"]) == (address, "abc")
    assert CANARY not in repr(
        Callback(endpoint=address, subject="", body=CANARY.encode(), headers={}, works=heard.works)
    )


async def test_whatever_is_not_there_is_answered_alike(
    application: Application, platform: Platform, world: World, courier: Courier, other_world: World
) -> None:
    address = await address_of(platform, world)
    stranger = platform.vault(other_world.tenant.id).address()  # a brand that has the plugin not on
    made_up = [uuid4().hex, Vault(b"another secret", world.tenant.id).address().hex, address.hex[:-1], "0" * 32]
    unknown = [f"/callbacks/{NAME}/{one}" for one in [*made_up, platform.vault(world.tenant.id).address().hex]]
    elsewhere = [
        f"/callbacks/sandbox/{address.hex}",
        f"/callbacks/{NAME}/{stranger.hex}",
        f"/callbacks/{NAME}/{address}",
    ]
    answers = [await call(application, path) for path in ["/nowhere", *unknown, *elsewhere]]
    said = {(one.status_code, one.content, tuple(sorted(set(one.headers) - {"x-request-id"}))) for one in answers}
    assert len(said) == 1
    assert answers[0].status_code == 404
    assert not courier.heard
    assert (await call(application, f"/callbacks/{NAME}/{address.hex}", method="GET")).status_code == 405


async def test_a_plugin_that_is_off_and_a_brand_that_rests_are_not_there(
    application: Application, platform: Platform, world: World, courier: Courier
) -> None:
    address, nowhere = await address_of(platform, world), await call(application, "/nowhere")
    world.tenant = await disable(platform, world.tenant, system("test"), NAME)
    off = await hear(application, address)
    world.tenant = await enable(platform, world.tenant, system("test"), NAME)
    assert (await hear(application, address)).status_code == 201
    await suspend(platform, world.tenant.slug, "unpaid bills")
    suspended = await hear(application, address)
    assert (off.status_code, off.content) == (suspended.status_code, suspended.content) == (404, nowhere.content)
    assert len(courier.heard) == 1


async def test_a_body_that_is_too_long_is_not_heard(
    application: Application, platform: Platform, world: World, courier: Courier
) -> None:
    address = await address_of(platform, world)
    longest = 64 * 1024
    for length, status in ((longest, 201), (longest + 1, 413)):
        answer = await call(application, f"/callbacks/{NAME}/{address.hex}", b"x" * length)
        assert answer.status_code == status
    assert [len(one.body) for one in courier.heard] == [longest]


@pytest.mark.parametrize(("route", "outcome"), [("raises", "failed"), ("hangs", "late"), ("blunders", "failed")])
async def test_what_goes_wrong_is_a_500_without_its_cause_and_is_counted(
    application: Application,
    platform: Platform,
    world: World,
    courier: Courier,
    monkeypatch: pytest.MonkeyPatch,
    route: str,
    outcome: str,
) -> None:
    monkeypatch.setattr(serving, "WITHIN", 0.1)
    before = await counted(application)
    answer = await hear(application, await address_of(platform, world, route))
    assert (answer.status_code, answer.content) == (500, b"")
    assert CANARY not in str(answer.headers)
    assert await counted(application) - before == Counter({outcome: 1})
    assert platform.breakers.condition(world.tenant.id, NAME).faults == 0  # who calls shall not switch it off
    assert (await hear(application, await address_of(platform, world))).status_code == 201
    assert len(courier.heard) == 1


async def counted(application: Application) -> Counter[str]:
    """What the metrics say of the plugin's callbacks, by outcome."""
    lines = (await call(application, "/metrics", method="GET")).text.splitlines()
    found: Counter[str] = Counter()
    for line in lines:
        if line.startswith("hexmart_callbacks_total{") and f'plugin="{NAME}"' in line:
            found[line.split('outcome="')[1].split('"')[0]] = round(float(line.rsplit(" ", 1)[1]))
    return found


async def test_the_same_route_of_two_brands_sees_each_its_own_rows(
    application: Application, platform: Platform, world: World, other_world: World, courier: Courier
) -> None:
    other_world.tenant = await enable(platform, other_world.tenant, system("test"), NAME)
    addresses = [await address_of(platform, one) for one in (world, other_world)]
    async with platform.open_work(world.tenant, system("test")) as work:
        await callbacks.endpoint(work, NAME, "raises")
    said = [(await hear(application, address)).text for address in addresses]
    assert said == [f"{world.tenant.slug} 2", f"{other_world.tenant.slug} 1"]
    assert len(courier.heard) == 2


async def test_providers_may_all_call_at_once(
    application: Application, platform: Platform, world: World, courier: Courier
) -> None:
    address = await address_of(platform, world)
    answers = await asyncio.gather(*[hear(application, address) for _ in range(20)])
    assert {one.status_code for one in answers} == {201}
    assert len(courier.heard) == 20


@pytest.mark.parametrize(("status", "media_type"), [(99, "text/plain"), (200, "text/plain\r\nset-cookie: a=b")])
def test_an_answer_that_http_does_not_know_is_refused_where_it_is_made(status: int, media_type: str) -> None:
    with pytest.raises(ValueError, match=r"no answer has|media type"):
        Reply(status, b"", media_type)
