"""The points mall through the API: what each caller sees and may do, and what is written down of it."""

import re
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from core.actors import system
from hexmart.plugins import plugin_manager, surface
from hexmart.testing import Client, World
from plugins.points_mall.tests.shop import MILK, Shop
from schema.relay import global_id, key_or_nothing
from tenants.plugins import disable
from tests.schema.shop import PHONE, done, refusal

pytestmark = pytest.mark.anyio
OFFERS = """query($kind: PointsMallKind, $store: ID) {
  pointsMallOffers(first: 5, kind: $kind, storeId: $store) {
    totalCount nodes { id name kind points left running } } }"""
REDEMPTION = "redemption { id state quantity points code order { id totals { payable { amount } } } }"
MINE = "{ pointsMallMine { totalCount nodes { id name code offer { name } order { pointsMallRedemption { id } } } } }"
SERVICE = {"kind": "SERVICE", "name": "A polish", "points": 100, "validDays": 7}


@pytest.fixture
async def owner(shop: Shop, client: Client) -> Client:
    return await client.staff(shop.world.email("owner"))


@pytest.fixture
async def shopper(shop: Shop, client: Client) -> Client:
    """A member with points."""
    shopper = await client.member(PHONE)
    found = (await shopper.run("{ viewer { ... on Member { id } } }"))["viewer"]["id"]
    await shop.earn(key_or_nothing("Member", found), 1_000, days=30)
    return shopper


async def made(owner: Client, **plan: Any) -> str:
    """An offer as the owner makes it."""
    return str(done(await owner.do("pointsMallOfferSave", plan, "offer { id }"), "offer")["id"])


def milk(world: World, **plan: Any) -> dict[str, Any]:
    goods = {"kind": "GOODS", "name": "Milk", "points": 200, "cash": "1.00", "variantId": world.variants[MILK]}
    return goods | plan


async def test_from_the_offer_to_the_order(owner: Client, shopper: Client, client: Client, world: World) -> None:
    offer = await made(owner, **milk(world, stock=10, perMember=3))
    [shown] = (await client.run(OFFERS))["pointsMallOffers"]["nodes"]
    assert shown == {"id": offer, "name": "Milk", "kind": "GOODS", "points": 200, "left": 10, "running": True}
    wish = {"offerId": offer, "quantity": 2, "storeId": world.stores["S1"], "idempotencyKey": "1"}
    had = done(await shopper.do("pointsMallRedeem", wish, REDEMPTION), "redemption")
    assert had == {
        "id": had["id"],
        "state": "ORDERED",
        "quantity": 2,
        "points": 400,
        "code": None,
        "order": {"id": had["order"]["id"], "totals": {"payable": {"amount": "2.00"}}},
    }
    [one] = (await shopper.run(MINE))["pointsMallMine"]["nodes"]
    assert (one["offer"], one["order"]) == ({"name": "Milk"}, {"pointsMallRedemption": {"id": had["id"]}})


async def test_refusals_name_what_they_are_about(owner: Client, shopper: Client, world: World) -> None:
    offer, store = await made(owner, **milk(world, stock=4, perMember=3)), world.stores["S1"]
    asked = {"offerId": offer, "quantity": 1, "storeId": store, "idempotencyKey": "1"}
    refused: list[tuple[str, object, str]] = [
        ("quantity", 4, "POINTS_MALL_LIMIT"),
        ("quantity", 5, "POINTS_MALL_SOLD_OUT"),
        ("quantity", 0, "INVALID"),
        ("offerId", "x", "NOT_FOUND"),
        ("storeId", global_id("Store", world.variant_keys[MILK]), "NOT_FOUND"),
        ("storeId", None, "INVALID"),
        ("idempotencyKey", "", "INVALID"),
    ]
    for field, value, code in refused:
        assert refusal(await shopper.do("pointsMallRedeem", asked | {field: value}, REDEMPTION)) == (
            code,
            ["input", field],
        )


async def test_who_has_too_few_points_is_told_so(owner: Client, client: Client) -> None:
    offer, poor = await made(owner, **SERVICE), await client.member("13800000077")
    wish = {"offerId": offer, "quantity": 1, "idempotencyKey": "1"}
    assert refusal(await poor.do("pointsMallRedeem", wish, REDEMPTION))[0] == "INSUFFICIENT_POINTS"


async def test_a_service_is_shown_to_its_member_and_taken_at_the_desk(
    owner: Client, shopper: Client, client: Client, world: World
) -> None:
    wish = {"offerId": await made(owner, **SERVICE), "quantity": 1, "idempotencyKey": "1"}
    had = done(await shopper.do("pointsMallRedeem", wish, REDEMPTION), "redemption")
    read = "query($id: ID!) { node(id: $id) { ... on PointsMallRedemption { state code } } }"
    assert (await shopper.run(read, id=had["id"]))["node"] == {"state": "OPEN", "code": had["code"]}
    assert (await owner.run(read, id=had["id"]))["node"] == {"state": "OPEN", "code": None}
    somebody = await client.member("13800000078")
    assert (await somebody.run(read, id=had["id"]))["node"] is None
    clerk = await client.staff(world.email("clerk"))
    shown = {"code": had["code"], "storeId": world.stores["S1"]}
    taken = await clerk.do("verify", shown, "verification { kind label pointsMallTaken { state } }")
    said = {"kind": "points_mall.appointment", "label": "A polish"}
    assert {key: done(taken, "verification")[key] for key in said} == said
    assert refusal(await clerk.do("verify", shown, "verification { kind }"))[0] == "CODE_USED"


async def test_a_service_is_given_back_by_its_member(owner: Client, shopper: Client) -> None:
    wish = {"offerId": await made(owner, **SERVICE), "quantity": 1, "idempotencyKey": "1"}
    had = done(await shopper.do("pointsMallRedeem", wish, REDEMPTION), "redemption")
    back = {"redemptionId": had["id"]}
    assert done(await shopper.do("pointsMallCancel", back, REDEMPTION), "redemption")["state"] == "RETURNED"
    assert refusal(await shopper.do("pointsMallCancel", back, REDEMPTION))[0] == "POINTS_MALL_NOT_CANCELLABLE"


async def test_offers_are_found_by_kind_and_store_and_those_that_are_over_by_staff_alone(
    owner: Client, client: Client, world: World
) -> None:
    here, there = world.stores["S1"], world.stores["S2"]
    goods, service = await made(owner, **milk(world, storeIds=[here])), await made(owner, **SERVICE)
    over = await made(owner, **(SERVICE | {"name": "Over"}))
    done(await owner.do("pointsMallOfferEnd", {"offerId": over}, "offer { running }"), "offer")

    async def found(**asked: Any) -> list[str]:
        page = (await client.run(OFFERS, **asked))["pointsMallOffers"]
        assert page["totalCount"] == len(page["nodes"])
        return [one["id"] for one in page["nodes"]]

    assert await found() == [service, goods]
    assert await found(kind="GOODS") == await found(kind="GOODS", store=here) == [goods]
    assert await found(store=there) == [service]
    catalogue = "{ pointsMallCatalogue { totalCount nodes { id } } }"
    assert [one["id"] for one in (await owner.run(catalogue))["pointsMallCatalogue"]["nodes"]] == [over, service, goods]
    assert await client.code(catalogue) == "UNAUTHENTICATED"
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert ((await client.run(node, id=over))["node"], (await owner.run(node, id=over))["node"]) == (None, {"id": over})


async def test_what_staff_do_is_in_the_log(owner: Client) -> None:
    offer = await made(owner, **SERVICE)
    changed = SERVICE | {"offerId": offer, "points": 50}
    done(await owner.do("pointsMallOfferSave", changed, "offer { points }"), "offer")
    done(await owner.do("pointsMallOfferEnd", {"offerId": offer}, "offer { id }"), "offer")
    logged = (await owner.run("{ auditLog(first: 5) { nodes { action } } }"))["auditLog"]["nodes"]
    actions = [one["action"] for one in logged if one["action"].startswith("points_mall.")]
    assert actions == [f"points_mall.offer_{what}" for what in ("ended", "changed", "created")]


async def test_a_brand_without_the_plugin_has_none_of_it(shop: Shop, client: Client, world: World) -> None:
    await disable(shop.platform, world.tenant, system("test"), "points_mall")
    assert await client.code("{ pointsMallOffers { totalCount } }") == "PLUGIN_DISABLED"


def test_what_the_readme_says_to_try_is_there_to_be_tried() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    operations = re.findall(r"```graphql\n(.*?)```", readme, re.DOTALL)
    schema = surface(plugin_manager()).graphql
    assert len(operations) == 4
    assert [error.message for one in operations for error in validate(schema, parse(one))] == []
