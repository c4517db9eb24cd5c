"""Setting campaigns up, by staff, through the API."""

from asyncio import gather
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from hexmart.testing import Client, done, refused
from plugins.group_buy.tests.shop import MILK, MILK_2L, Shop
from schema.relay import global_id

pytestmark = pytest.mark.anyio

CAMPAIGN = """campaign { id name active running hours left ordersPerMember newMembersOnly perStore
  stores { code } prices { size price { amount } leaderPrice { amount } variant { sku } } product { slug } }"""
LIST = "{ groupBuyCampaigns { nodes { name } totalCount } }"
ONE = "query($id: ID!) { groupBuyCampaign(id: $id) { name } node(id: $id) { id } }"


async def input_of(shop: Shop, client: Client, **wanted: object) -> dict[str, Any]:
    """A campaign for milk that has just begun."""
    product = await client.run('{ product(slug: "milk") { id } }')
    now = clock.now()
    prices = [{"variantId": shop.world.variants[MILK], "size": 2, "price": "11.90", "leaderPrice": "9.90"}]
    base = {"productId": product["product"]["id"], "name": "一起买牛奶", "prices": prices, "hours": 24}
    times = {"startsAt": (now - timedelta(hours=1)).isoformat(), "endsAt": (now + timedelta(days=1)).isoformat()}
    return base | times | wanted


async def create(shop: Shop, staff: Client, **wanted: object) -> dict[str, Any]:
    """The payload of groupBuyCampaignCreate."""
    return await staff.do("groupBuyCampaignCreate", await input_of(shop, staff, **wanted), CAMPAIGN)


@pytest.fixture
async def owner(shop: Shop, client: Client) -> Client:
    return await client.staff(shop.world.email("owner"))


async def test_a_campaign_is_set_up_changed_and_ended(shop: Shop, owner: Client, client: Client) -> None:
    made = done(await create(shop, owner, stock=50, ordersPerMember=2, storeIds=[shop.world.stores["S1"]]))["campaign"]
    price = {"size": 2, "price": {"amount": "11.90"}, "leaderPrice": {"amount": "9.90"}, "variant": {"sku": MILK}}
    assert (made["prices"], made["left"], made["running"]) == ([price], 50, True)
    assert (made["stores"], made["product"]) == ([{"code": "S1"}], {"slug": "milk"})
    wanted = {"campaignId": made["id"], "stock": 60, "name": "Milk", "hours": 12}
    changed = done(await owner.do("groupBuyCampaignUpdate", wanted, CAMPAIGN))["campaign"]
    assert (changed["left"], changed["name"], changed["hours"], changed["ordersPerMember"]) == (60, "Milk", 12, 2)
    ended = done(await owner.do("groupBuyCampaignEnd", {"campaignId": made["id"]}, CAMPAIGN))
    assert (ended["campaign"]["running"], ended["warnings"]) == (False, [])
    again = done(await owner.do("groupBuyCampaignEnd", {"campaignId": made["id"]}, CAMPAIGN))
    assert [warning["code"] for warning in again["warnings"]] == ["ALREADY_DONE"]
    assert (await owner.run(LIST))["groupBuyCampaigns"] == {"nodes": [{"name": "Milk"}], "totalCount": 1}
    assert (await client.run(ONE, id=made["id"]))["groupBuyCampaign"] == {"name": "Milk"}
    log = await owner.run("{ auditLog { nodes { action } } }")
    actions = [entry["action"] for entry in log["auditLog"]["nodes"]]
    assert [one for one in actions if one.startswith("group_buy.")] == [
        "group_buy.campaign_ended",
        "group_buy.campaign_changed",
        "group_buy.campaign_created",
    ]


def priced(shop: Shop, *prices: tuple[str, int, str]) -> list[dict[str, object]]:
    return [{"variantId": shop.world.variants[sku], "size": size, "price": price} for sku, size, price in prices]


@pytest.mark.parametrize(
    ("prices", "path"),
    [
        ([], ["prices"]),
        ([(MILK, 1, "11.90")], ["prices", "size"]),
        ([(MILK, 101, "11.90")], ["prices", "size"]),
        ([(MILK, 2, "11.90"), (MILK, 2, "10.90")], ["prices"]),
        ([(MILK, 2, "11.90"), (MILK, 5, "12.90")], ["prices", "price"]),
        ([(MILK, 2, "11.90"), (MILK_2L, 3, "12.90")], ["prices"]),
        ([(MILK, 2, "-1")], ["prices", "price"]),
    ],
)
async def test_prices_that_make_no_ladder_are_refused(
    shop: Shop, owner: Client, prices: list[tuple[str, int, str]], path: list[str]
) -> None:
    refused(await create(shop, owner, prices=priced(shop, *prices)), "INVALID", path=["input", *path])


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ({"hours": 0}, "hours"),
        ({"hours": 721}, "hours"),
        ({"stock": 0}, "stock"),
        ({"ordersPerMember": -1}, "ordersPerMember"),
        ({"quantityPerOrder": 0}, "quantityPerOrder"),
        ({"name": " "}, "name"),
        ({"endsAt": "2020-01-01T00:00:00+00:00"}, "endsAt"),
    ],
)
async def test_numbers_that_cannot_be_are_refused(
    shop: Shop, owner: Client, wanted: Mapping[str, object], path: str
) -> None:
    refused(await create(shop, owner, **wanted), "INVALID", path=["input", path])


async def test_what_is_not_there_is_not_found(shop: Shop, owner: Client) -> None:
    bread = [{"variantId": shop.world.variants["BREAD"], "size": 2, "price": "1"}]
    refused(await create(shop, owner, prices=bread), "NOT_FOUND", path=["input", "prices", "variantId"])
    refused(await create(shop, owner, productId="nonsense"), "NOT_FOUND", path=["input", "productId"])
    refused(await create(shop, owner, storeIds=["nonsense"]), "NOT_FOUND", path=["input", "storeIds"])
    refused(await create(shop, owner, regionIds=["nonsense"]), "NOT_FOUND", path=["input", "regionIds"])
    gone = await owner.do("groupBuyCampaignEnd", {"campaignId": "nonsense"})
    refused(gone, "NOT_FOUND", path=["input", "campaignId"])


async def test_a_variant_has_one_campaign_at_a_time_in_a_store(shop: Shop, owner: Client) -> None:
    one, other = [shop.world.stores["S1"]], [shop.world.stores["S2"]]
    first = done(await create(shop, owner, storeIds=one))["campaign"]
    assert "一起买牛奶" in refused(await create(shop, owner), "GROUP_BUY_OVERLAP")
    refused(await create(shop, owner, storeIds=one), "GROUP_BUY_OVERLAP")
    done(await create(shop, owner, storeIds=other))
    done(await create(shop, owner, storeIds=one, prices=priced(shop, (MILK_2L, 2, "20"))))
    off = done(await create(shop, owner, storeIds=one, active=False))["campaign"]
    switched_on = await owner.do("groupBuyCampaignUpdate", {"campaignId": off["id"], "active": True})
    refused(switched_on, "GROUP_BUY_OVERLAP")
    done(await owner.do("groupBuyCampaignEnd", {"campaignId": first["id"]}))
    done(await owner.do("groupBuyCampaignUpdate", {"campaignId": off["id"], "active": True}))


async def test_two_who_set_up_the_same_campaign_at_once_get_one(shop: Shop, owner: Client) -> None:
    wanted = await input_of(shop, owner)
    answers = await gather(*(owner.do("groupBuyCampaignCreate", wanted, "campaign { id }") for _ in range(4)))
    assert sum(not answer["userErrors"] for answer in answers) == 1


async def test_what_is_sold_cannot_be_less_than_it_is(shop: Shop, owner: Client) -> None:
    campaign = await shop.campaign()
    for who in await shop.crowd(2):
        await shop.opens(who, campaign)
    wanted = {"campaignId": global_id("GroupBuyCampaign", campaign)}
    refused(await owner.do("groupBuyCampaignUpdate", wanted | {"stock": 1}), "INVALID", path=["input", "stock"])
    done(await owner.do("groupBuyCampaignUpdate", wanted | {"stock": 2}))


async def test_staff_of_a_store_set_up_campaigns_there_alone(shop: Shop, owner: Client, client: Client) -> None:
    clerk = await promoted(shop, owner, client)
    here, there = [shop.world.stores["S1"]], [shop.world.stores["S2"]]
    refused(await create(shop, clerk, storeIds=there), "NOT_FOUND", path=["input", "storeIds"])
    refused(await create(shop, clerk), "NOT_FOUND", path=["input", "storeIds"])
    done(await create(shop, clerk, storeIds=here, name="here"))
    elsewhere = done(await create(shop, owner, storeIds=there, name="there"))["campaign"]
    assert (await clerk.run(LIST))["groupBuyCampaigns"] == {"nodes": [{"name": "here"}], "totalCount": 1}
    refused(await clerk.do("groupBuyCampaignEnd", {"campaignId": elsewhere["id"]}), "NOT_FOUND")


async def promoted(shop: Shop, owner: Client, client: Client) -> Client:
    """Somebody who may set up campaigns in the store S1."""
    role = {"name": "promoter", "label": "Promoter", "permissions": ["group_buy.read", "group_buy.manage"]}
    done(await owner.do("roleCreate", role))
    staff = await client.staff(shop.world.email("courier"))
    me = (await staff.run("{ viewer { ... on StaffUser { id } } }"))["viewer"]["id"]
    wish = {"staffId": me, "role": "promoter", "storeIds": [shop.world.stores["S1"]]}
    done(await owner.do("roleAssign", wish))
    return staff


async def test_a_campaign_that_has_not_begun_is_shown_to_staff_alone(shop: Shop, owner: Client, client: Client) -> None:
    later = {"startsAt": (clock.now() + timedelta(hours=1)).isoformat()}
    made = done(await create(shop, owner, **later))["campaign"]
    assert (await client.run(ONE, id=made["id"])) == {"groupBuyCampaign": None, "node": None}
    assert (await owner.run(ONE, id=made["id"]))["groupBuyCampaign"] == {"name": "一起买牛奶"}


async def test_nobody_but_staff_who_may_sets_campaigns_up(shop: Shop, client: Client) -> None:
    clerk = await client.staff(shop.world.email("clerk"))
    wanted = await input_of(shop, client)
    for who, code in ((client, "UNAUTHENTICATED"), (clerk, "FORBIDDEN")):
        kind = "GroupBuyCampaignCreateInput!"
        asked = f"mutation($input: {kind}) {{ groupBuyCampaignCreate(input: $input) {{ campaign {{ id }} }} }}"
        assert await who.code(asked, input=wanted) == code
        assert await who.code(LIST) == code
