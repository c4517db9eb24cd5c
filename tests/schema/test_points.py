"""Points: earned at the till at once, online once nothing can come back, taken back with the money, given by hand."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.ruling import ruled
from tests.schema.shop import PHONE, Payload, buy, done, refusal
from tests.schema.test_till import record, sale

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]
RunWorker = Callable[[], Awaitable[None]]

FIELDS = "id points { available pending debt expiry { amount at } }"
MINE = f"{{ viewer {{ ... on Member {{ {FIELDS} }} }} }}"
FOUND = f"query($phone: String) {{ members(search: $phone) {{ nodes {{ {FIELDS} }} }} }}"
EARNED = "query($id: ID!) { order(id: $id) { pointsEarned lines { id } } }"
STATEMENT = """query($member: ID, $first: Int, $after: String) {
  pointsStatement(memberId: $member, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { kind amount note } } }"""


@pytest.fixture
async def a_point_a_yuan(owner: Client, world: World, platform: Platform) -> None:
    await ruled(owner, "points.minor_per_point", 100)
    world.tenant = await platform.registry.by_slug(world.tenant.slug)


async def points_of(reader: Client, phone: str = PHONE) -> tuple[int, int, int]:
    """What a member has, waits for and owes, as staff see it."""
    [found] = (await reader.run(FOUND, phone=phone))["members"]["nodes"]
    return found["points"]["available"], found["points"]["pending"], found["points"]["debt"]


async def refunded(owner: Client, order: Payload, quantity: int | None = None, key: str = "r") -> None:
    """Some of the first line is paid back, or everything."""
    line = (await owner.run(EARNED, id=order["id"]))["order"]["lines"][0]["id"]
    lines = {"lines": [{"orderLineId": line, "quantity": quantity}]} if quantity else {}
    asked = {"orderId": order["id"], "reason": "broken", "idempotencyKey": key} | lines
    done(await owner.do("refundCreate", asked, "refund { id }"), "refund")


async def earned(reader: Client, order: Payload) -> int:
    return int((await reader.run(EARNED, id=order["id"]))["order"]["pointsEarned"])


@pytest.mark.usefixtures("a_point_a_yuan")
async def test_a_tills_sale_shows_its_points_in_the_very_next_query(
    world: World, clerk: Client, owner: Client, platform: Platform
) -> None:
    order = done(await record(clerk, sale(world, memberPhone=PHONE)), "order")
    assert await points_of(clerk) == (36, 0, 0)
    done(await record(clerk, sale(world, memberPhone=PHONE)), "order")  # told again
    assert (await points_of(clerk), await earned(clerk, order)) == ((36, 0, 0), 36)
    done(await record(clerk, sale(world, externalReference="R-2")), "order")  # nobody's
    assert await points_of(owner) == (36, 0, 0)
    assert await audit(platform, world.tenant) == {}


async def test_a_brand_that_says_nothing_gives_no_points(world: World, clerk: Client) -> None:
    done(await record(clerk, sale(world, memberPhone=PHONE)), "order")
    assert await points_of(clerk) == (0, 0, 0)


@pytest.mark.usefixtures("a_point_a_yuan")
async def test_what_was_bought_online_earns_points_that_wait_until_nothing_can_come_back(
    world: World,
    client: Client,
    member: Client,
    clerk: Client,
    platform: Platform,
    move_clock: MoveClock,
    run_worker: RunWorker,
) -> None:
    order = await buy(member, world)
    await run_worker()
    assert (await points_of(clerk), await earned(member, order)) == ((0, 31, 0), 31)
    shown = {"code": order["pickupCode"], "storeId": world.stores["S1"]}
    done(await clerk.do("orderVerify", shown, "order { id }"), "order")
    await run_worker()
    await move_clock(timedelta(days=6))
    await run_worker()
    assert await points_of(await client.staff(world.email("clerk"))) == (0, 31, 0)
    await move_clock(timedelta(days=1, minutes=1))
    await run_worker()
    assert await points_of(await client.staff(world.email("clerk"))) == (31, 0, 0)
    mine = (await (await client.member(PHONE)).run(MINE))["viewer"]["points"]["expiry"]
    until = datetime.fromisoformat(mine["at"]).astimezone(ZoneInfo(world.tenant.time_zone))
    assert (mine["amount"], (until + timedelta(seconds=1)).day) == (31, 1)
    assert until - clock.now() > timedelta(days=330)
    assert await audit(platform, world.tenant) == {}


@pytest.mark.usefixtures("a_point_a_yuan")
async def test_points_go_back_with_the_money_by_quantity_and_what_is_spent_is_owed(
    world: World, clerk: Client, owner: Client, platform: Platform, run_worker: RunWorker
) -> None:
    order = done(await record(clerk, sale(world, memberPhone=PHONE)), "order")
    await refunded(owner, order, 1)
    await run_worker()
    assert await points_of(clerk) == (36 - 16, 0, 0)
    await adjusted(owner, -20)
    await refunded(owner, order, 1, key="again")
    await run_worker()
    assert await points_of(clerk) == (0, 0, 16)
    await refunded(owner, order, key="rest")
    await run_worker()
    assert (await points_of(clerk), await earned(clerk, order)) == ((0, 0, 20), 0)
    done(await record(clerk, sale(world, externalReference="R-2", memberPhone=PHONE)), "order")
    assert await points_of(clerk) == (16, 0, 0)  # the debt is paid first
    assert await audit(platform, world.tenant) == {}


@pytest.mark.usefixtures("a_point_a_yuan")
async def test_what_is_cancelled_before_anybody_came_to_it_has_earned_nothing(
    world: World, member: Client, clerk: Client, platform: Platform, run_worker: RunWorker
) -> None:
    order = await buy(member, world)
    asked = {"orderId": order["id"], "idempotencyKey": "c"}
    done(await member.do("orderCancel", asked, "order { id }"), "order")
    await run_worker()
    assert (await points_of(clerk), await earned(member, order)) == ((0, 0, 0), 0)
    assert await audit(platform, world.tenant) == {}


@pytest.mark.usefixtures("a_point_a_yuan")
@pytest.mark.parametrize(
    ("rules", "points"),
    [
        ({"points.more_when": "fulfilment == 'IN_STORE' && store == 'S1' && paid > 3000"}, 72),
        ({"points.more_when": "tier == 'gold'"}, 36),
        ({"points.more_when": "weekday == 7", "points.more_percent": 350}, 127),  # 2025-05-04 is a Sunday
        ({"points.category_percent": {"food": 50}}, 18),
        ({"points.category_percent": {"food": 0}}, 0),
    ],
)
async def test_rules_say_who_earns_more_and_by_what(
    world: World, clerk: Client, owner: Client, rules: dict[str, object], points: int
) -> None:
    for key, value in rules.items():
        await ruled(owner, key, value)
    done(await record(clerk, sale(world, memberPhone=PHONE)), "order")
    assert (await points_of(clerk))[0] == points


async def adjusted(owner: Client, points: int, key: str | None = None, phone: str = PHONE) -> Payload:
    """The payload of giving points by hand."""
    [found] = (await owner.run(FOUND, phone=phone))["members"]["nodes"]
    asked = {"memberId": found["id"], "points": points, "reason": "an apology", "idempotencyKey": key or str(points)}
    return await owner.do("pointsAdjust", asked, f"member {{ {FIELDS} }}")


async def test_points_are_given_and_taken_by_hand_once_and_never_more_than_there_are(
    world: World, member: Client, owner: Client, clerk: Client, platform: Platform
) -> None:
    assert done(await adjusted(owner, 50), "member")["points"]["available"] == 50
    assert done(await adjusted(owner, 50), "member")["points"]["available"] == 50
    assert refusal(await adjusted(owner, -51)) == ("INSUFFICIENT_POINTS", ["input", "points"])
    assert refusal(await adjusted(owner, 0)) == ("INVALID", ["input", "points"])
    assert done(await adjusted(owner, -30), "member")["points"]["available"] == 20
    document = "mutation($i: PointsAdjustInput!) { pointsAdjust(input: $i) { member { id } } }"
    [found] = (await clerk.run(FOUND, phone=PHONE))["members"]["nodes"]
    wish = {"memberId": found["id"], "points": 1, "reason": "me", "idempotencyKey": "k"}
    reused = wish | {"idempotencyKey": "50"}
    assert await owner.code(document, i=reused) == "IDEMPOTENCY_KEY_REUSED"
    for who in (clerk, member):
        assert await who.code(document, i=wish) in {"FORBIDDEN", "UNAUTHENTICATED"}
    seen = (await member.run(STATEMENT))["pointsStatement"]
    assert [(one["kind"], one["amount"], one["note"]) for one in seen["nodes"]] == [
        ("points.adjusted", -30, "an apology"),
        ("points.adjusted", 50, "an apology"),
    ]
    first = (await member.run(STATEMENT, first=1))["pointsStatement"]
    after = first["pageInfo"]["endCursor"]
    second = (await owner.run(STATEMENT, member=found["id"], after=after))["pointsStatement"]
    assert (first["totalCount"], second["nodes"], second["pageInfo"]["hasNextPage"]) == (2, seen["nodes"][1:], False)
    assert await audit(platform, world.tenant) == {}


async def test_nobody_sees_the_points_of_others(client: Client, member: Client, owner: Client) -> None:
    done(await adjusted(owner, 50), "member")
    [found] = (await owner.run(FOUND, phone=PHONE))["members"]["nodes"]
    other = await client.member("13800000002")
    for who in (other, client):
        assert await who.run(STATEMENT, member=found["id"]) == {"pointsStatement": None}
    assert await client.run(STATEMENT) == {"pointsStatement": None}
    assert (await member.run(STATEMENT))["pointsStatement"]["totalCount"] == 1
