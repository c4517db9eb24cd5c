"""Sales that a till tells of."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core import clock
from hexmart.testing import Client, World
from tests.schema.conftest import Number, Shelf
from tests.schema.shop import ORDER, PHONE, Payload, done, quantities, refusal

pytestmark = pytest.mark.anyio
MILK = {"barcode": "6900000000010", "quantity": 2, "unitPrice": "15.90"}
APPLE = {"barcode": "2100034000002", "quantity": 250, "unitPrice": "8.99"}
RECORD = "mutation($i: PosSaleRecordInput!) { posSaleRecord(input: $i) { order { id } } }"


def sale(world: World, *, store: str = "S1", **more: object) -> Payload:
    """A sale of 36.30."""
    told = {"externalReference": "R-1", "soldAt": "2025-05-04T10:00:00+08:00", "lines": [MILK, APPLE], "paid": "36.30"}
    return {"storeId": world.stores[store]} | told | more


async def record(staff: Client, told: Payload) -> Payload:
    """The payload of telling of a sale."""
    return await staff.do("posSaleRecord", told, ORDER)


async def test_a_sale_is_an_order_that_is_over(world: World, clerk: Client, shelf: Shelf) -> None:
    order = done(await record(clerk, sale(world)), "order")
    assert (order["status"], order["paymentStatus"], order["kind"]) == ("COMPLETED", "CAPTURED", "IN_STORE")
    assert (quantities(order), order["totals"]["payable"]["amount"]) == ({"MILK-1L": 2, "APPLE": 250}, "36.30")
    assert order["payments"] == [{"provider": "till", "status": "CAPTURED", "amount": {"amount": "36.30"}}]
    assert [event["name"] for event in order["timeline"]] == ["sold"]
    assert (await shelf(), await shelf("APPLE")) == ((98, 0), (750, 0))
    placed = await clerk.run("query($id: ID!) { order(id: $id) { placedAt } }", id=order["id"])
    assert placed == {"order": {"placedAt": "2025-05-04T02:00:00+00:00"}}


async def test_a_sale_told_twice_is_one_sale(
    world: World, clerk: Client, manager: Client, shelf: Shelf, number_of: Number
) -> None:
    order = done(await record(clerk, sale(world)), "order")
    assert done(await record(clerk, sale(world)), "order")["id"] == order["id"]
    assert done(await record(manager, sale(world)), "order")["id"] == order["id"]
    assert (await shelf(), await number_of("sales_order")) == ((98, 0), 1)
    elsewhere = done(await record(clerk, sale(world, store="S2")), "order")
    assert (elsewhere["id"] != order["id"], elsewhere["store"]) == (True, {"code": "S2"})


async def test_another_sale_of_the_same_reference_is_a_mistake(
    world: World, clerk: Client, shelf: Shelf, number_of: Number
) -> None:
    done(await record(clerk, sale(world)), "order")
    assert await clerk.code(RECORD, i=sale(world, paid="30.00")) == "IDEMPOTENCY_KEY_REUSED"
    assert (await shelf(), await number_of("sales_order")) == ((98, 0), 1)


async def test_what_the_books_did_not_know_of_was_sold_all_the_same(
    world: World, clerk: Client, shelf: Shelf, number_of: Number
) -> None:
    before = await number_of("stock_movement")
    many = sale(world, lines=[MILK | {"quantity": 130}], paid="2067.00")
    done(await record(clerk, many), "order")
    assert (await shelf(), await number_of("stock_movement")) == ((0, 0), before + 2)  # found, then sold
    done(await record(clerk, sale(world, store="S3")), "order")
    assert await shelf(store="S3") == (0, 0)


async def test_what_was_paid_less_is_a_discount(world: World, clerk: Client) -> None:
    order = done(await record(clerk, sale(world, paid="30.00")), "order")
    assert (order["totals"]["items"]["amount"], order["totals"]["payable"]["amount"]) == ("36.30", "30.00")


async def test_a_buyer_who_says_their_number_is_the_sales_member(world: World, clerk: Client, member: Client) -> None:
    order = done(await record(clerk, sale(world, memberPhone=PHONE)), "order")
    mine = (await member.run("{ viewer { ... on Member { orders { nodes { id } } } } }"))["viewer"]["orders"]["nodes"]
    assert mine == [{"id": order["id"]}]


async def test_a_clerk_records_sales_of_their_own_store(world: World, clerk_of_s1: Client, number_of: Number) -> None:
    assert refusal(await record(clerk_of_s1, sale(world, store="S2"))) == ("NOT_FOUND", ["input", "storeId"])
    assert await number_of("sales_order") == 0
    assert done(await record(clerk_of_s1, sale(world)), "order")["store"] == {"code": "S1"}


BIG = MILK | {"quantity": 1_000_000, "unitPrice": "10000000000"}


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"paid": "36.31"}, "INVALID", ["input", "paid"]),
        ({"paid": "-1"}, "INVALID", ["input", "paid"]),
        ({"paid": "1E+999999"}, "INVALID", ["input", "paid"]),
        ({"paid": "0.001"}, "INVALID", ["input", "paid"]),
        ({"externalReference": " "}, "INVALID", ["input", "externalReference"]),
        ({"externalReference": "r" * 201}, "INVALID", ["input", "externalReference"]),
        ({"lines": []}, "INVALID", ["input", "lines"]),
        ({"lines": [MILK] * 201}, "INVALID", ["input", "lines"]),
        ({"lines": [BIG] * 20}, "INVALID", ["input", "lines"]),
        ({"lines": [MILK | {"quantity": 0}]}, "INVALID", ["input", "lines", "quantity"]),
        ({"lines": [MILK | {"quantity": -2}]}, "INVALID", ["input", "lines", "quantity"]),
        ({"lines": [MILK | {"unitPrice": "-15.90"}]}, "INVALID", ["input", "lines", "unitPrice"]),
        ({"lines": [MILK | {"barcode": "0"}]}, "NOT_FOUND", ["input", "lines", "barcode"]),
        ({"memberPhone": "1"}, "INVALID", ["input", "memberPhone"]),
        ({"storeId": "garbage"}, "NOT_FOUND", ["input", "storeId"]),
    ],
)
async def test_a_sale_that_cannot_have_been_is_refused(
    world: World, clerk: Client, shelf: Shelf, number_of: Number, more: Payload, code: str, path: list[str]
) -> None:
    assert refusal(await record(clerk, sale(world, **more))) == (code, path)
    assert (await shelf(), await number_of("sales_order"), await number_of("member")) == ((100, 0), 0, 0)


async def test_a_sale_does_not_lie_in_the_future(world: World, clerk: Client, number_of: Number) -> None:
    ahead = sale(world, soldAt=(clock.now() + timedelta(minutes=6)).isoformat())
    assert refusal(await record(clerk, ahead)) == ("INVALID", ["input", "soldAt"])
    assert await number_of("sales_order") == 0
    done(await record(clerk, ahead | {"soldAt": (clock.now() + timedelta(minutes=4)).isoformat()}), "order")


async def test_what_goes_back_of_a_tills_sale_goes_back_out_of_its_drawer(
    world: World, clerk: Client, manager: Client, run_worker: Callable[[], Awaitable[None]]
) -> None:
    order = done(await record(clerk, sale(world)), "order")
    wish = {"orderId": order["id"], "amount": "15.90", "reason": "sour", "idempotencyKey": "back"}
    done(await manager.do("refundCreate", wish, "refund { id }"), "refund")
    await run_worker()
    asked = "query($id: ID!) { order(id: $id) { paymentStatus refunds { status amount { amount } } } }"
    found = (await manager.run(asked, id=order["id"]))["order"]
    assert found["paymentStatus"] == "PARTLY_REFUNDED"
    assert found["refunds"] == [{"status": "SUCCEEDED", "amount": {"amount": "15.90"}}]
