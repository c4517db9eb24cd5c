"""Many sales at once: each has its own answer, and what is odd is kept."""

import random
from datetime import timedelta

import pytest

from core import clock
from hexmart.testing import Client, World
from schema.relay import global_id
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.conftest import Number, Shelf
from tests.schema.shop import PHONE, Payload, done, refusal
from tests.schema.test_till import APPLE, MILK, sale

pytestmark = pytest.mark.anyio
RESULTS = """results { externalReference repeated userErrors { code path }
  order { id status totals { payable { amount } } }
  conflicts { kind facts externalReference variant { sku } order { id } settledAt } }"""
CONFLICTS = """query($s: ID, $settled: Boolean) { posConflicts(storeId: $s, settled: $settled) {
  totalCount nodes { id kind externalReference facts note settledAt store { code } variant { sku } } } }"""
SETTLE = "conflict { kind note settledAt }"


def of(number: int, **more: object) -> Payload:
    """A sale of two milks, told a minute later than the one before."""
    told = {"externalReference": f"R-{number}", "soldAt": f"2025-05-04T10:{number:02d}:00+08:00"}
    return told | {"lines": [MILK], "paid": "31.80"} | more


async def tell(staff: Client, world: World, *sales: Payload, store: str = "S1") -> list[Payload]:
    payload = await staff.do("posSalesRecord", {"storeId": world.stores[store], "sales": list(sales)}, RESULTS)
    assert payload["userErrors"] == []
    results: list[Payload] = payload["results"]
    return results


def codes(results: list[Payload]) -> list[str]:
    return [one["userErrors"][0]["code"] if one["userErrors"] else "ok" for one in results]


async def test_each_sale_has_an_answer_of_its_own(
    world: World, clerk: Client, shelf: Shelf, number_of: Number, platform: Platform
) -> None:
    strange, dear = MILK | {"barcode": "0000"}, of(3, paid="31.81")
    results = await tell(clerk, world, of(1), of(2, lines=[strange]), dear, of(4, memberPhone="1"), of(5, paid="30.00"))
    assert codes(results) == ["ok", "NOT_FOUND", "INVALID", "INVALID", "ok"]
    assert [one["userErrors"][0]["path"] for one in results[1:4]] == [
        ["input", "sales", "1", "lines", "barcode"],
        ["input", "sales", "2", "paid"],
        ["input", "sales", "3", "memberPhone"],
    ]
    assert [one["order"] and one["order"]["totals"]["payable"]["amount"] for one in results] == [
        *("31.80", None, None, None, "30.00")
    ]
    assert (await shelf(), await number_of("sales_order"), await number_of("payment")) == ((96, 0), 2, 2)
    assert await audit(platform, world.tenant) == {}


async def test_a_batch_may_be_told_again_and_by_parts(
    world: World, clerk: Client, manager: Client, shelf: Shelf, number_of: Number
) -> None:
    first = await tell(clerk, world, *(of(number) for number in range(1, 6)))
    again = await tell(manager, world, *(of(number) for number in range(4, 8)))
    assert [one["repeated"] for one in first + again] == [*[False] * 5, True, True, False, False]
    assert [one["order"]["id"] for one in again[:2]] == [one["order"]["id"] for one in first[3:]]
    single = done(await clerk.do("posSaleRecord", sale(world, **of(7)), "order { id }"), "order")
    assert single["id"] == again[3]["order"]["id"]
    assert (await shelf(), await number_of("sales_order")) == ((86, 0), 7)


async def test_sales_come_in_any_order(world: World, clerk: Client, shelf: Shelf, platform: Platform) -> None:
    """Hours late, the later ones first: the books are those of a till that was never cut off."""
    told = [of(number, lines=[APPLE | {"quantity": 10 + number}], paid="0.10") for number in range(20)]
    random.Random(7).shuffle(told)
    for start in range(0, 20, 6):
        assert set(codes(await tell(clerk, world, *told[start : start + 6]))) == {"ok"}
    assert await shelf("APPLE") == (1000 - sum(10 + number for number in range(20)), 0)
    assert await audit(platform, world.tenant) == {}


async def test_a_reference_that_two_sales_have_is_kept_for_people(
    world: World, clerk: Client, shelf: Shelf, number_of: Number
) -> None:
    results = await tell(clerk, world, of(1), of(1), of(1, paid="30.00"))
    assert (codes(results), results[1]["repeated"]) == (["ok", "ok", "TILL_REFERENCE_REUSED"], True)
    assert codes(await tell(clerk, world, of(1, paid="30.00"))) == ["TILL_REFERENCE_REUSED"]
    assert (await shelf(), await number_of("sales_order"), await number_of("till_conflict")) == ((98, 0), 1, 1)
    done(await clerk.do("posSaleRecord", sale(world, **of(1)), "order { id }"), "order")
    [kept] = (await clerk.run(CONFLICTS))["posConflicts"]["nodes"]
    assert (kept["settledAt"], kept["facts"]["sale"]["paid"]) == (None, "30.00")


async def test_what_the_books_know_otherwise_is_sold_and_kept(world: World, clerk: Client, shelf: Shelf) -> None:
    many = of(1, lines=[MILK | {"quantity": 90}], paid="1431.00")
    cheap = of(2, lines=[MILK | {"quantity": 15, "unitPrice": "15.00"}], paid="225.00")
    second, first = await tell(clerk, world, cheap, many)  # told later, sold first
    assert (first["conflicts"], await shelf()) == ([], (0, 0))
    found = {one["kind"]: (one["facts"], one["variant"], one["order"]) for one in second["conflicts"]}
    milk, order = {"sku": "MILK-1L"}, {"id": second["order"]["id"]}
    assert found == {
        "STOCK_SHORT": ({"sold": 15, "free": 10}, milk, order),
        "PRICE_DIFFERS": ({"unitPrice": "15.00", "price": "15.90"}, milk, order),
    }
    assert (await tell(clerk, world, cheap))[0]["conflicts"] == second["conflicts"]
    warned = await clerk.do("posSaleRecord", sale(world, **of(3)), "order { id }")
    assert [(one["code"], one["targetId"]) for one in warned["warnings"]] == [
        ("STOCK_SHORT", global_id("ProductVariant", world.variant_keys["MILK-1L"]))
    ]


async def test_a_sale_that_was_refused_is_kept_until_it_comes_in(
    world: World, clerk: Client, manager: Client, number_of: Number, platform: Platform
) -> None:
    strange = of(1, lines=[MILK | {"barcode": "777"}], memberPhone=PHONE)
    for _ in range(2):
        assert codes(await tell(clerk, world, strange)) == ["NOT_FOUND"]
    [kept] = (await clerk.run(CONFLICTS))["posConflicts"]["nodes"]
    assert (kept["kind"], kept["facts"]["code"], kept["store"]) == ("REFUSED", "NOT_FOUND", {"code": "S1"})
    assert kept["facts"]["sale"] == {
        "externalReference": "R-1",
        "soldAt": "2025-05-04T02:01:00+00:00",
        "lines": [{"barcode": "777", "quantity": 2, "unitPrice": "15.90"}],
        "paid": "31.80",
    }
    assert await number_of("member") == 0
    assert codes(await tell(clerk, world, of(1))) == ["ok"]  # with the barcode that it should have had
    assert (await clerk.run(CONFLICTS))["posConflicts"]["totalCount"] == 0
    [settled] = (await manager.run(CONFLICTS, settled=True))["posConflicts"]["nodes"]
    assert (settled["id"], settled["settledAt"] is not None, settled["note"]) == (kept["id"], True, None)
    assert await audit(platform, world.tenant) == {}


async def test_somebody_looks_at_what_is_odd_once(world: World, clerk: Client, manager: Client) -> None:
    await tell(clerk, world, of(1, paid="99.00"))
    [kept] = (await manager.run(CONFLICTS))["posConflicts"]["nodes"]
    wish = {"conflictId": kept["id"], "note": "The till was off by a line."}
    settle = "mutation($i: PosConflictSettleInput!) { posConflictSettle(input: $i) { conflict { note } } }"
    assert await clerk.code(settle, i=wish) == "FORBIDDEN"
    assert done(await manager.do("posConflictSettle", wish, SETTLE), "conflict")["note"] == wish["note"]
    again = await manager.do("posConflictSettle", wish | {"note": "x"}, SETTLE)
    assert (again["conflict"]["note"], [one["code"] for one in again["warnings"]]) == (wish["note"], ["ALREADY_DONE"])
    assert refusal(await manager.do("posConflictSettle", wish | {"conflictId": "x"}, SETTLE))[0] == "NOT_FOUND"
    assert refusal(await manager.do("posConflictSettle", wish | {"note": " "}, SETTLE))[0] == "INVALID"


async def test_a_clerk_tells_and_sees_what_their_own_store_sold(
    world: World, clerk: Client, clerk_of_s1: Client, number_of: Number
) -> None:
    wish = {"storeId": world.stores["S2"], "sales": [of(1)]}
    assert refusal(await clerk_of_s1.do("posSalesRecord", wish, RESULTS)) == ("NOT_FOUND", ["input", "storeId"])
    assert await number_of("sales_order") == 0
    for store in ("S1", "S2"):
        await tell(clerk, world, of(1, paid="99.00"), store=store)
    seen = (await clerk_of_s1.run(CONFLICTS))["posConflicts"]
    assert (seen["totalCount"], [one["store"]["code"] for one in seen["nodes"]]) == (1, ["S1"])
    everything = (await clerk.run(CONFLICTS))["posConflicts"]["nodes"]
    elsewhere = next(one["id"] for one in everything if one["store"]["code"] == "S2")
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert await clerk_of_s1.run(node, id=elsewhere) == {"node": None}
    assert (await clerk_of_s1.run(CONFLICTS, s=world.stores["S2"]))["posConflicts"]["totalCount"] == 0


async def test_a_batch_has_a_size(world: World, clerk: Client, number_of: Number) -> None:
    for sales in ([], [of(1, externalReference=str(number)) for number in range(201)], [of(1, lines=[MILK] * 4_001)]):
        wish = {"storeId": world.stores["S1"], "sales": sales}
        assert refusal(await clerk.do("posSalesRecord", wish, RESULTS)) == ("LIMIT_REACHED", ["input", "sales"])
    ahead = of(1, soldAt=(clock.now() + timedelta(minutes=6)).isoformat())
    assert codes(await tell(clerk, world, ahead, of(2, externalReference=" "))) == ["INVALID", "INVALID"]
    assert await number_of("sales_order") == 0
