"""Finding stores."""

from typing import Any

import pytest

from core.ids import new_id
from core.stores import GeoPoint, distance
from hexmart.testing import Client, World
from schema.relay import global_id
from tests.schema.shop import FAR_AWAY, PEOPLES_SQUARE, items

pytestmark = pytest.mark.anyio

STORE = """id code name city address phone rating fulfilments openNow region { name }
  location { latitude longitude cell coarse: cell(resolution: 3) } openingHours { weekday opens closes } deliveryArea"""
NEAR = """query($input: StoresNearInput!) { storesNear(input: $input) {
  store { code location { latitude longitude } } distanceMeters open delivers hasAllItems
  deliveryFee { amount } readyInMinutes score reasons { factor value weight text } } }"""
STORES = """query($first: Int! = 20, $after: String, $where: StoreWhere) {
  stores(first: $first, after: $after, where: $where) {
    totalCount nodes { code } pageInfo { hasNextPage endCursor } } }"""
CENTRE = GeoPoint(31.2304, 121.4737)


async def near(client: Client, **asked: object) -> list[dict[str, Any]]:
    """What a search around People's Square finds."""
    found: list[dict[str, Any]] = (await client.run(NEAR, input={"location": PEOPLES_SQUARE} | asked))["storesNear"]
    return found


def codes(matches: list[dict[str, Any]]) -> list[str]:
    return [match["store"]["code"] for match in matches]


async def test_a_store_is_found_by_id_and_by_code(client: Client, world: World) -> None:
    by_code = (await client.run(f'{{ store(code: "S1") {{ {STORE} }} }}'))["store"]
    query = f"query($id: ID!) {{ store(id: $id) {{ {STORE} }} }}"
    assert (await client.run(query, id=world.stores["S1"]))["store"] == by_code
    assert (by_code["name"], by_code["city"], by_code["rating"], by_code["openNow"]) == ("S1店", "上海", 4.5, True)
    assert by_code["openingHours"][0] == {"weekday": 1, "opens": "00:00", "closes": "24:00"}
    assert by_code["location"]["cell"] == f"{GeoPoint(31.2314, 121.4737).cell(9):x}"
    assert by_code["location"]["coarse"] == f"{GeoPoint(31.2314, 121.4737).cell(3):x}"
    assert len(by_code["deliveryArea"]) > 10
    for unknown in (global_id("Store", new_id()), world.variants["BREAD"], "garbage"):
        assert await client.run(query, id=unknown) == {"store": None}
    assert await client.run('{ store(code: "S9") { code } }') == {"store": None}


async def test_stores_are_listed_by_code_page_by_page(client: Client) -> None:
    first = (await client.run(STORES, first=2))["stores"]
    assert (first["totalCount"], first["nodes"]) == (3, [{"code": "S1"}, {"code": "S2"}])
    rest = (await client.run(STORES, first=2, after=first["pageInfo"]["endCursor"]))["stores"]
    assert (rest["nodes"], rest["pageInfo"]["hasNextPage"]) == ([{"code": "S3"}], False)
    for where, number in [({"city": "上海"}, 3), ({"city": "北京"}, 0), ({"fulfilment": "PICKUP"}, 3)]:
        found = (await client.run(STORES, where=where))["stores"]
        assert (found["totalCount"], len(found["nodes"])) == (number, number)
    nowhere = (await client.run(STORES, where={"regionId": global_id("Region", new_id())}))["stores"]
    assert nowhere["nodes"] == (await client.run(STORES, where={"regionId": "garbage"}))["stores"]["nodes"] == []


async def test_the_nearest_open_store_comes_first(client: Client) -> None:
    found = await near(client)
    assert codes(found) == ["S1", "S2", "S3"]
    assert [match["distanceMeters"] for match in found] == [111, 1112, 2224]
    assert (found[0]["delivers"], found[0]["deliveryFee"], found[0]["readyInMinutes"]) == (True, {"amount": "6.00"}, 10)
    for match in found:
        place = GeoPoint(**match["store"]["location"])
        assert match["distanceMeters"] == round(distance(CENTRE, place))


async def test_a_store_that_has_everything_comes_before_a_nearer_one(
    client: Client, world: World, manager: Client
) -> None:
    empty = {"locationId": world.stores["S1"], "countedTo": 0, "reason": "spoilt"}
    for sku in ("BREAD", "APPLE"):
        asked = empty | {"variantId": world.variants[sku], "idempotencyKey": sku}
        assert (await manager.do("stockAdjust", asked))["userErrors"] == []
    found = await near(client, items=items(world, {"BREAD": 1, "MILK-1L": 1}))
    assert codes(found) == ["S2", "S1", "S3"]
    assert [match["hasAllItems"] for match in found] == [True, False, False]
    shares = [{r["factor"]: r["value"] for r in match["reasons"]}["stock"] for match in found]
    assert shares == [1.0, 0.5, 0.0]
    apart = await near(client, items=items(world, {"BREAD": 1, "MILK-1L": 1}), radiusMeters=1_200)
    assert (codes(apart), apart[0]["score"] < apart[1]["score"]) == (["S2", "S1"], True)
    assert codes(await near(client, items=items(world, {"MILK-1L": 100}))) == ["S1", "S2", "S3"]
    none = await near(client, items=items(world, {"MILK-1L": 101}))
    assert [match["hasAllItems"] for match in none] == [False, False, False]


async def test_a_score_is_the_weighted_mean_of_its_reasons(client: Client, world: World) -> None:
    found = await near(client, items=items(world, {"BREAD": 1}), radiusMeters=4_000)
    for match in found:
        reasons = match["reasons"]
        weights = sum(reason["weight"] for reason in reasons)
        assert match["score"] == round(sum(r["value"] * r["weight"] for r in reasons) / weights, 4)
        assert [reason["factor"] for reason in reasons] == ["distance", "open", "stock", "rating"]
        assert all(0 <= reason["value"] <= 1 for reason in reasons)
    first = {reason["factor"]: reason for reason in found[0]["reasons"]}
    assert {factor: reason["weight"] for factor, reason in first.items()} == {
        "distance": 0.4,
        "open": 0.15,
        "stock": 0.35,
        "rating": 0.1,
    }
    assert (first["distance"]["value"], first["distance"]["text"]) == (0.9722, "111 m away")  # 1 - 111.2 / 4000
    assert (first["rating"]["value"], first["rating"]["text"]) == (0.9, "rated 4.5 of 5")
    assert (found[0]["score"], found[0]["score"] > found[1]["score"] > found[2]["score"]) == (0.9789, True)


@pytest.mark.parametrize(
    ("radius", "expected"),
    [(111, []), (112, ["S1"]), (1_111, ["S1"]), (1_112, ["S1", "S2"]), (100_000, ["S1", "S2", "S3"])],
)
async def test_a_radius_is_kept_to_the_metre(client: Client, radius: int, expected: list[str]) -> None:
    assert codes(await near(client, radiusMeters=radius)) == expected


async def test_without_a_radius_the_brands_rule_holds(client: Client) -> None:
    north = {"latitude": 31.2304 + 0.020 + 0.0269, "longitude": 121.4737}  # 2.99 km north of S3
    assert codes(await near(client, location=north)) == ["S3"]
    assert codes(await near(client, location=north, radiusMeters=3_200)) == ["S3"]
    assert codes(await near(client, location=north, radiusMeters=6_000, first=2)) != ["S3"]
    assert await near(client, location=FAR_AWAY) == []


async def test_for_a_delivery_only_stores_that_deliver_there_are_found(client: Client) -> None:
    north = {"latitude": 31.2304 + 0.030, "longitude": 121.4737}  # 3.2 km from S1, 2.2 km from S2
    every = await near(client, location=north, radiusMeters=5_000)
    assert {match["store"]["code"]: match["delivers"] for match in every} == {"S1": False, "S2": True, "S3": True}
    assert next(match["deliveryFee"] for match in every if not match["delivers"]) is None
    found = await near(client, location=north, radiusMeters=5_000, fulfilment="DELIVERY")
    assert codes(found) == ["S2", "S3"]
    assert found[0]["readyInMinutes"] == 10 + 9  # 2.2 km at 250 m a minute


async def test_a_page_of_stores_is_as_long_as_asked(client: Client) -> None:
    assert codes(await near(client, first=1)) == ["S1"]


async def test_a_variant_knows_where_it_is_to_be_had(client: Client, world: World) -> None:
    query = """query($id: ID!, $place: GeoPointInput!) { variant(id: $id) {
      nearbyStock(location: $place, first: 1) { store { code } distanceMeters hasAllItems }
      every: nearbyStock(location: $place) { store { code } } } }"""
    found = (await client.run(query, id=world.variants["BREAD"], place=PEOPLES_SQUARE))["variant"]
    assert found["nearbyStock"] == [{"store": {"code": "S1"}, "distanceMeters": 111, "hasAllItems": True}]
    assert codes(found["every"]) == ["S1", "S2"]
