"""Whatever a plugin does wrong, in whatever decision: no order is lost or mispriced, the fault has its name."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs

from core.actors import system
from core.extensions import PluginFailed, asking, ownership, watching
from core.extensions.breaker import FAULTS
from core.ids import new_id
from core.rewards import Reward
from hexmart.testing import Client, World
from hexmart.testing.plugins import with_plugins
from tenants import Platform
from tests.faults import deciding
from tests.faults.audit import audit
from tests.faults.deciding import BEHAVIOURS, HOOKS, NAME, Behaviour, Faulty
from tests.faults.shop import books
from tests.schema.shop import ORDER, PEOPLES_SQUARE, fill, items, pay, place, read_cart, refusal

pytestmark = pytest.mark.anyio

PRICE = "31.80"
NEAR = """query($input: StoresNearInput!) { storesNear(input: $input) { store { code } reasons { factor } } }"""


@dataclass
class Scene:
    """A brand with one plugin that fails."""

    client: Client
    world: World
    platform: Platform
    plugin: Faulty
    hook: str


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(asking, "BUDGET", 0.1)
    monkeypatch.setattr(watching, "LONGEST_STEP", 0.5)
    monkeypatch.setattr(ownership, "_packages", {**ownership._packages, deciding.__name__: NAME})
    ownership.plugin_of.cache_clear()
    yield
    ownership.plugin_of.cache_clear()


@pytest.fixture(params=HOOKS)
def hook(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=BEHAVIOURS, ids=lambda one: one.__name__)
def behave(request: pytest.FixtureRequest) -> Behaviour:
    made: Behaviour = request.param
    return made


@pytest.fixture
async def scene(client: Client, world: World, platform: Platform, hook: str, behave: Behaviour) -> AsyncIterator[Scene]:
    plugin = Faulty(hook, behave)
    async with with_plugins(platform, world.tenant, {NAME: plugin}):
        yield Scene(client, world, platform, plugin, hook)


async def test_no_order_is_lost_or_mispriced_and_the_fault_has_its_name(scene: Scene, behave: Behaviour) -> None:
    with capture_logs() as logs:
        await _FAILING[scene.hook](scene)
    named = {(log["plugin"], log["hook"], type(log["exc_info"]).__name__) for log in logs if "hook" in log}
    assert named == {(NAME, scene.hook, BEHAVIOURS[behave])}
    latest = scene.platform.breakers.condition(scene.world.tenant.id, NAME).latest
    assert latest is not None
    assert latest.kind == BEHAVIOURS[behave]
    assert await audit(scene.platform, scene.world.tenant) == {}
    scene.plugin.mended = True
    order = await pay(scene.client, await place(scene.client, await fill(scene.client, scene.world)))
    assert order["totals"]["payable"]["amount"] == PRICE
    assert await audit(scene.platform, scene.world.tenant) == {}


async def price_is_not_known(scene: Scene) -> None:
    """The cart says so, and cannot be ordered at a price that the plugin had no say in."""
    cart = await fill(scene.client, scene.world)
    shown = await read_cart(scene.client, cart)
    assert shown is not None
    assert [problem["code"] for problem in shown["problems"]] == ["PLUGIN_FAILED"]
    await _not_placed(scene, cart["id"])


async def code_is_not_known(scene: Scene) -> None:
    cart = await fill(scene.client, scene.world)
    asked = {"cartId": cart["id"], "code": "SPRING"}
    assert refusal(await scene.client.do("cartCodeApply", asked, "cart { id }"))[0] == "PLUGIN_FAILED"


async def nothing_is_taken(scene: Scene) -> None:
    clerk = await scene.client.staff(scene.world.email("clerk"))
    shown = {"code": "A-1", "storeId": scene.world.stores["S1"]}
    assert refusal(await clerk.do("verify", shown, "verification { kind }"))[0] == "PLUGIN_FAILED"


async def reward_is_not_given(scene: Scene) -> None:
    reward = Reward("BadReward", new_id())
    tenant = await scene.platform.registry.by_slug(scene.world.tenant.slug)
    async with scene.platform.open_work(tenant, system("test")) as work:
        more = (new_id(), new_id()) if scene.hook == "issue_reward" else ()
        with pytest.raises(PluginFailed):
            await getattr(work.hooks, scene.hook)(work, reward, *more)


async def order_is_refused(scene: Scene) -> None:
    cart = await fill(scene.client, scene.world)
    await _not_placed(scene, cart["id"])


async def order_ends_all_the_same(scene: Scene) -> None:
    """What was claimed is given back as soon as the plugin can."""
    order = await place(scene.client, await fill(scene.client, scene.world))
    cancelled = await scene.client.do("orderCancel", {"orderId": order["id"], "idempotencyKey": "c"}, ORDER)
    assert cancelled["order"]["status"] == "CANCELLED"
    assert (await books(scene.platform, scene.world)).reserved == 0


async def store_is_found_all_the_same(scene: Scene) -> None:
    wanted = {"location": PEOPLES_SQUARE, "items": items(scene.world, {"MILK-1L": 1})}
    found = (await scene.client.run(NEAR, input=wanted))["storesNear"]
    assert [match["store"]["code"] for match in found] == ["S1", "S2", "S3"]
    assert not [reason for match in found for reason in match["reasons"] if reason["factor"].startswith(NAME)]


async def _not_placed(scene: Scene, cart_id: str) -> None:
    payload = await scene.client.do("orderPlace", {"cartId": cart_id, "idempotencyKey": cart_id}, ORDER)
    assert refusal(payload)[0] == "PLUGIN_FAILED"
    after = await books(scene.platform, scene.world)
    assert (after.reserved, after.held, after.orders) == (0, 0, 0)


_FAILING = {
    "adjust_prices": price_is_not_known,
    "redeem_code": code_is_not_known,
    "verify_code": nothing_is_taken,
    "name_reward": reward_is_not_given,
    "issue_reward": reward_is_not_given,
    "validate_checkout": order_is_refused,
    "claim": order_is_refused,
    "hold_order": order_is_refused,
    "release": order_ends_all_the_same,
    "store_ranking": store_is_found_all_the_same,
}


async def test_a_plugin_that_goes_on_failing_is_left_alone_and_others_see_it(
    client: Client, world: World, platform: Platform
) -> None:
    plugin = Faulty("claim", deciding.raises)
    async with with_plugins(platform, world.tenant, {NAME: plugin}):
        for number in range(FAULTS + 3):
            cart = await fill(client, world)
            payload = await client.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": str(number)}, ORDER)
            assert refusal(payload)[0] == "PLUGIN_FAILED"
        assert platform.breakers.condition(world.tenant.id, NAME).open
        assert len(plugin.asked) == FAULTS
