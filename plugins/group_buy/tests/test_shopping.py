"""Buying with a group through the API, as a shopper's app does it."""

from typing import Any

import pytest

from core.actors import system
from hexmart.testing import Client, done, refused
from plugins.group_buy.seating import CODE_LENGTH
from plugins.group_buy.tests.shop import BREAD, MILK, PRICE, Shop
from schema.relay import global_id
from tenants.plugins import disable

pytestmark = pytest.mark.anyio

PHONES = ("13700000001", "13700000002", "13700000003")
CART = """cart { id version totals { items { amount } discounts { amount } payable { amount } }
  adjustments { source label amount { amount } } problems { code }
  groupBuyPurchase { size campaign { name } team { code missing } } }"""
ORDER = """order { id status holds { reason source } allowedActions totals { payable { amount } }
  groupBuyTeam { id code state size paid reserved missing seats { number leads state mine } } }"""
TEAM = """query($id: ID, $code: String) { groupBuyTeam(id: $id, code: $code) {
  id state size paid reserved missing code seats { number leads state mine } campaign { name } store { code } } }"""
SHELF = """query($store: ID) { product(slug: "milk") {
  groupBuyCampaigns(storeId: $store) { name openTeams(storeId: $store) { missing code } }
  variants { sku groupBuyPrice(storeId: $store) { size price { amount } leaderPrice { amount } } } } }"""


async def filled(shop: Shop, client: Client, sku: str = MILK) -> str:
    """The id of a cart of somebody's own."""
    lines = [{"variantId": shop.world.variants[sku], "quantity": 1}]
    made = await client.do("cartCreate", {"storeId": shop.world.stores["S1"], "lines": lines}, "cart { id }")
    return str(done(made)["cart"]["id"])


async def bought(client: Client, cart: str) -> dict[str, Any]:
    """The paid order that a cart becomes."""
    placed = done(await client.do("orderPlace", {"cartId": cart, "idempotencyKey": cart}, ORDER))["order"]
    wish = {"orderId": placed["id"], "provider": "sandbox", "idempotencyKey": cart}
    order: dict[str, Any] = done(await client.do("paymentStart", wish, ORDER))["order"]
    return order


async def test_two_neighbours_buy_together(shop: Shop, client: Client) -> None:
    campaign = global_id("GroupBuyCampaign", await shop.campaign({2: PRICE}))
    first, second = await client.member(PHONES[0]), await client.member(PHONES[1])

    cart = await filled(shop, first)
    marked = done(await first.do("groupBuyOpen", {"cartId": cart, "campaignId": campaign}, CART))["cart"]
    assert marked["totals"] == {
        "items": {"amount": "15.90"},
        "discounts": {"amount": "6.00"},
        "payable": {"amount": "9.90"},
    }
    step = {"source": "group_buy", "label": "一起买牛奶", "amount": {"amount": "-6.00"}}
    assert marked["adjustments"] == [step]
    assert marked["groupBuyPurchase"] == {"size": 2, "campaign": {"name": "一起买牛奶"}, "team": None}

    order = await bought(first, cart)
    assert [hold["source"] for hold in order["holds"]] == ["group_buy"]
    await shop.delivers()
    team = order["groupBuyTeam"]
    assert len(team["code"]) == CODE_LENGTH
    seen = (await client.run(TEAM, code=team["code"].lower()))["groupBuyTeam"]
    assert (seen["state"], seen["paid"], seen["missing"], seen["code"]) == ("FORMING", 1, 1, None)

    cart = await filled(shop, second)
    wish = {"cartId": cart, "team": {"code": team["code"]}}
    marked = done(await second.do("groupBuyJoin", wish, CART))["cart"]
    assert marked["totals"]["payable"] == {"amount": "11.90"}
    assert marked["groupBuyPurchase"]["team"] == {"code": None, "missing": 1}
    joined = await bought(second, cart)
    await shop.delivers()
    seen = (await second.run(TEAM, id=team["id"]))["groupBuyTeam"]
    assert (seen["state"], seen["code"], seen["store"]) == ("SUCCEEDED", team["code"], {"code": "S1"})
    assert seen["seats"] == [
        {"number": 1, "leads": True, "state": "PAID", "mine": False},
        {"number": 2, "leads": False, "state": "PAID", "mine": True},
    ]
    again = await second.run(
        f"query($id: ID!) {{ order(id: $id) {{ {ORDER.removeprefix('order {')} }}", id=joined["id"]
    )
    assert again["order"]["holds"] == []


async def test_a_store_cannot_accept_an_order_that_waits_for_its_team(shop: Shop, client: Client) -> None:
    campaign = global_id("GroupBuyCampaign", await shop.campaign({2: PRICE}))
    first, manager = await client.member(PHONES[0]), await client.staff(shop.world.email("manager"))
    cart = await filled(shop, first)
    done(await first.do("groupBuyOpen", {"cartId": cart, "campaignId": campaign}))
    order = await bought(first, cart)
    assert "ACCEPT" not in order["allowedActions"]
    refused(await manager.do("orderAccept", {"orderId": order["id"]}), "ORDER_HELD")


async def test_a_shelf_shows_what_a_group_pays_and_which_teams_wait(shop: Shop, client: Client) -> None:
    here = {"store": shop.world.stores["S1"]}
    campaign = await shop.campaign({2: 1400, 5: PRICE}, store_ids=[shop.world.store_keys["S1"]])
    for pays in (True, False):
        await shop.opens(await shop.shopper(), campaign, pays=pays, size=5)
    await shop.delivers()
    shelf = (await client.run(SHELF, **here))["product"]
    assert shelf["groupBuyCampaigns"] == [{"name": "一起买牛奶", "openTeams": [{"missing": 4, "code": None}]}]
    lowest = {"size": 5, "price": {"amount": "11.90"}, "leaderPrice": {"amount": "9.90"}}
    prices = {variant["sku"]: variant["groupBuyPrice"] for variant in shelf["variants"]}
    assert prices == {MILK: lowest, "MILK-2L": None}
    there = (await client.run(SHELF, store=shop.world.stores["S2"]))["product"]
    assert (there["groupBuyCampaigns"], [one["groupBuyPrice"] for one in there["variants"]]) == ([], [None, None])
    anywhere = (await client.run(SHELF))["product"]
    assert anywhere["groupBuyCampaigns"] == shelf["groupBuyCampaigns"]
    await shop.end_campaign(campaign)
    assert (await client.run(SHELF))["product"]["groupBuyCampaigns"] == []


async def test_a_cart_is_bought_alone_again(shop: Shop, client: Client) -> None:
    campaign = global_id("GroupBuyCampaign", await shop.campaign({2: PRICE}))
    first = await client.member(PHONES[0])
    cart = await filled(shop, first)
    marked = done(await first.do("groupBuyOpen", {"cartId": cart, "campaignId": campaign}, CART))["cart"]
    left = done(await first.do("groupBuyLeave", {"cartId": cart}, CART))["cart"]
    assert (left["totals"]["payable"], left["groupBuyPurchase"]) == ({"amount": "15.90"}, None)
    asked = {"cartId": cart, "idempotencyKey": "k", "cartVersion": marked["version"]}
    refused(await first.do("orderPlace", asked), "STALE")


async def test_refusals_say_what_can_be_done(shop: Shop, client: Client) -> None:
    campaign, first = await shop.campaign({2: PRICE}), await client.member(PHONES[0])
    team, _ = await shop.opens(await shop.shopper(), campaign)
    milk, bread = await filled(shop, first), await filled(shop, first, BREAD)
    opening = {"cartId": milk, "campaignId": global_id("GroupBuyCampaign", campaign)}
    joining = {"cartId": milk, "team": {"id": global_id("GroupBuyTeam", team)}}
    refused(await first.do("groupBuyOpen", opening | {"cartId": bread}), "GROUP_BUY_ALONE", path=["input", "cartId"])
    refused(await first.do("groupBuyOpen", opening | {"cartId": "x"}), "NOT_FOUND", path=["input", "cartId"])
    refused(await first.do("groupBuyOpen", opening | {"campaignId": "x"}), "NOT_FOUND", path=["input", "campaignId"])
    refused(await first.do("groupBuyOpen", opening | {"size": 1}), "INVALID", path=["input", "size"])
    nobody = joining | {"team": {"code": "0000000000"}}
    refused(await first.do("groupBuyJoin", nobody), "NOT_FOUND", path=["input", "team", "code"])
    nobody = joining | {"team": {"id": "x"}}
    refused(await first.do("groupBuyJoin", nobody), "NOT_FOUND", path=["input", "team", "id"])
    await shop.joins(await shop.shopper(), team)
    refused(await first.do("groupBuyJoin", joining), "GROUP_BUY_FULL", path=["input", "cartId"])


async def test_a_team_is_named_by_its_id_or_by_its_code(shop: Shop, client: Client) -> None:
    first = await client.member(PHONES[0])
    cart = await filled(shop, first)
    join = "mutation($input: GroupBuyJoinInput!) { groupBuyJoin(input: $input) { userErrors { code } } }"
    for named in ({}, {"id": "x", "code": "y"}):
        assert await first.code(join, input={"cartId": cart, "team": named}) == "BAD_REQUEST"
    assert await client.code(TEAM) == "BAD_REQUEST"


async def test_guests_do_not_buy_with_a_group(shop: Shop, client: Client) -> None:
    cart = await filled(shop, client)
    leave = "mutation($input: GroupBuyLeaveInput!) { groupBuyLeave(input: $input) { userErrors { code } } }"
    assert await client.code(leave, input={"cartId": cart}) == "UNAUTHENTICATED"


async def test_a_cart_of_somebody_else_is_not_there(shop: Shop, client: Client) -> None:
    campaign = global_id("GroupBuyCampaign", await shop.campaign({2: PRICE}))
    first, second = await client.member(PHONES[0]), await client.member(PHONES[1])
    cart = await filled(shop, first)
    refused(await second.do("groupBuyOpen", {"cartId": cart, "campaignId": campaign}), "NOT_FOUND")


async def test_another_brand_knows_neither_team_nor_code_nor_campaign(
    shop: Shop, other_shop: Shop, client: Client
) -> None:
    campaign = await shop.campaign({2: PRICE})
    team, _ = await shop.opens(await shop.shopper(), campaign)
    found = await shop.team(team)
    other = Client(client.application, other_shop.world.tenant.slug)
    team_id, campaign_id = global_id("GroupBuyTeam", team), global_id("GroupBuyCampaign", campaign)
    assert (await client.run(TEAM, code=found.code))["groupBuyTeam"]["id"] == team_id
    assert (await other.run(TEAM, code=found.code))["groupBuyTeam"] is None
    assert (await other.run(TEAM, id=team_id))["groupBuyTeam"] is None
    nodes = await other.run("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[team_id, campaign_id])
    assert nodes["nodes"] == [None, None]
    stranger = await other.member(PHONES[0])
    cart = await filled(other_shop, stranger)
    for wish in ({"code": found.code}, {"id": team_id}):
        refused(await stranger.do("groupBuyJoin", {"cartId": cart, "team": wish}), "NOT_FOUND")
    refused(await stranger.do("groupBuyOpen", {"cartId": cart, "campaignId": campaign_id}), "NOT_FOUND")
    owner = await other.staff(other_shop.world.email("owner"))
    refused(await owner.do("groupBuyCampaignEnd", {"campaignId": campaign_id}), "NOT_FOUND")


async def test_where_the_plugin_is_off_nothing_of_it_is_there(shop: Shop, client: Client) -> None:
    shop.world.tenant = await disable(shop.platform, shop.world.tenant, system("test"), "group_buy")
    assert await client.code(TEAM, code="0000000000") == "PLUGIN_DISABLED"
    shelf = await client.send(SHELF)
    assert shelf["data"]["product"]["groupBuyCampaigns"] is None
    assert {error["extensions"]["code"] for error in shelf["errors"]} == {"PLUGIN_DISABLED"}
