"""Returns: goods come back, and what was paid for them goes back."""

from typing import Any

import orjson
import pytest

from core.actors import system
from hexmart.testing import Client
from tests.schema.conftest import Shelf
from tests.schema.returning import LIST, OF_ORDER, RETURN_FIELDS, Counter, back, line_of
from tests.schema.shop import buy, done, refusal

pytestmark = pytest.mark.anyio
TOLD = "SELECT payload::text FROM outbox WHERE tenant_id = $1 AND name = $2 ORDER BY id"


async def test_goods_come_back_and_are_paid_back_at_once(counter: Counter, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 3})
    asked = await counter.asked(order, {"MILK-1L": 2}, note="too much")
    assert (asked["status"], asked["allowedActions"]) == ("REQUESTED", ["returnCancel"])
    approved = await counter.did("returnApprove", asked, answer="bring it")
    assert (approved["status"], approved["answer"]) == ("APPROVED", "bring it")
    assert approved["dueAt"] is not None
    assert approved["allowedActions"] == ["returnReject", "returnSend", "returnReceive"]
    received = await counter.received(approved)
    assert (received["status"], back(received)) == ("COMPLETED", ("31.80", "0.00"))
    assert received["order"]["paymentStatus"] == "PARTLY_REFUNDED"
    assert await shelf() == (99, 0)
    told = [event["name"] for event in (await counter.order(order))["timeline"]]
    assert told[-4:] == ["return_requested", "return_approved", "return_completed", "refund_requested"]
    assert await counter.broken() == {}


async def test_what_did_not_come_is_not_paid_and_what_is_spoilt_is_not_sold(counter: Counter, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 4, "BREAD": 1})
    approved = await counter.approved(order, {"MILK-1L": 4, "BREAD": 1})
    received = await counter.received(approved, {"MILK-1L": {"quantity": 3, "sellable": 2}})
    assert back(received) == ("47.70", "0.00")
    came = {line["orderLine"]["variant"]["sku"]: (line["received"], line["sellable"]) for line in received["lines"]}
    assert came == {"MILK-1L": (3, 2), "BREAD": (0, 0)}
    assert (await shelf(), await shelf("BREAD")) == ((98, 0), (99, 0))
    found = (await counter.buyer.run(OF_ORDER, id=order["id"]))["order"]
    assert [line["returnableQuantity"] for line in found["lines"]] == [1, 1]
    assert await counter.broken() == {}


async def test_a_refund_without_goods_is_paid_when_it_is_approved(counter: Counter, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 2})
    asked = await counter.asked(order, {"MILK-1L": 1}, "REFUND", reason="MISSING")
    assert (asked["status"], asked["atFault"]) == ("REQUESTED", True)
    approved = await counter.did("returnApprove", asked)
    assert (approved["status"], back(approved)) == ("COMPLETED", ("15.90", "0.00"))
    assert await shelf() == (98, 0)
    assert await counter.broken() == {}


async def test_the_delivery_goes_back_with_the_last_of_the_goods(counter: Counter) -> None:
    order = await counter.delivered({"MILK-1L": 2})  # 31.80 and 6.00
    first, last = [await counter.received(await counter.approved(order, {"MILK-1L": 1})) for _ in range(2)]
    assert [back(first), back(last)] == [("15.90", "0.00"), ("21.90", "6.00")]
    assert last["order"]["status"] == "REFUNDED"
    assert await counter.broken() == {}


async def test_the_delivery_goes_back_once_where_the_shop_is_at_fault(counter: Counter) -> None:
    order = await counter.delivered({"MILK-1L": 2})
    faulty = {"reason": "DEFECTIVE"}
    first, last = [await counter.received(await counter.approved(order, {"MILK-1L": 1}, **faulty)) for _ in range(2)]
    assert [back(first), back(last)] == [("21.90", "6.00"), ("15.90", "0.00")]


@pytest.mark.parametrize(("rule", "fault"), [("returns.freight_with_whole", False), ("returns.freight_at_fault", True)])
async def test_a_brand_may_keep_the_delivery(counter: Counter, rule: str, fault: bool) -> None:
    await counter.rule("returns.freight_with_whole", False)
    await counter.rule(rule, False)
    order = await counter.delivered({"MILK-1L": 2})
    asked = await counter.asked(order, {"MILK-1L": 2})
    received = await counter.received(await counter.did("returnApprove", asked, atFault=fault))
    assert back(received) == ("31.80", "0.00")
    assert received["order"]["status"] == "COMPLETED"
    assert await counter.broken() == {}


async def test_it_is_told_which_goods_came_back_for_how_much(counter: Counter) -> None:
    """Nothing of the order is left, although its delivery was kept."""
    await counter.rule("returns.freight_with_whole", False)
    order = await counter.delivered({"MILK-1L": 2})
    for _ in range(2):
        await counter.received(await counter.approved(order, {"MILK-1L": 1}))
    async with counter.platform.open_work(counter.world.tenant, system("test")) as work:
        told = [orjson.loads(row["payload"]) for row in await work.fetch(TOLD, "returns.GoodsReturned")]
    assert [(one["quantities"], one["amounts"], one["amount"], one["whole"]) for one in told] == [
        ([1], [1590], 1590, False),
        ([1], [1590], 1590, True),
    ]


async def test_what_was_paid_back_in_another_way_is_not_paid_again(counter: Counter, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 2})
    approved = await counter.approved(order, {"MILK-1L": 2})
    line = {"orderLineId": line_of(order, "MILK-1L"), "quantity": 1}
    wish = {"orderId": order["id"], "lines": [line], "reason": "x", "restock": False, "idempotencyKey": "r"}
    done(await counter.staff.do("refundCreate", wish, "refund { id }"), "refund")
    received = await counter.received(approved)
    assert (back(received), await shelf()) == (("15.90", "0.00"), (100, 0))
    assert received["order"]["status"] == "REFUNDED"
    assert await counter.broken() == {}


async def test_goods_whose_money_is_all_back_are_taken_for_nothing(counter: Counter, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 2})
    approved = await counter.approved(order, {"MILK-1L": 2})
    wish = {"orderId": order["id"], "amount": "31.80", "reason": "x", "idempotencyKey": "r"}
    done(await counter.staff.do("refundCreate", wish, "refund { id }"), "refund")
    received = await counter.received(approved)
    assert (back(received), received["refund"], await shelf()) == (("0.00", "0.00"), None, (100, 0))
    assert await counter.broken() == {}


async def test_a_return_that_is_rejected_leaves_everything_as_it_was(counter: Counter, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 2})
    asked = await counter.asked(order, {"MILK-1L": 2})
    assert refusal(await counter.do("returnReject", asked, answer=" ")) == ("INVALID", ["input", "answer"])
    rejected = await counter.did("returnReject", asked, answer="worn")
    assert (rejected["status"], rejected["answer"], rejected["allowedActions"]) == ("REJECTED", "worn", [])
    assert refusal(await counter.do("returnApprove", asked)) == ("RETURN_STATE", ["input", "returnId"])
    assert refusal(await counter.receive(rejected)) == ("RETURN_STATE", ["input", "returnId"])
    assert (await shelf(), (await counter.order(order))["refunds"]) == ((98, 0), [])
    assert (await counter.asked(order, {"MILK-1L": 2}))["status"] == "REQUESTED"


async def test_a_buyer_may_keep_the_goods_until_they_are_on_their_way(counter: Counter) -> None:
    order = await counter.sold({"MILK-1L": 2})
    kept = await counter.did("returnCancel", await counter.approved(order, {"MILK-1L": 1}), by=counter.buyer)
    assert kept["status"] == "CANCELLED"
    sent = await counter.did(
        "returnSend", await counter.approved(order, {"MILK-1L": 2}), by=counter.buyer, trackingNumber="SF1"
    )
    assert (sent["status"], sent["trackingNumber"], sent["dueAt"]) == ("SENT", "SF1", None)
    assert refusal(await counter.do("returnCancel", sent, by=counter.buyer))[0] == "RETURN_STATE"
    assert back(await counter.received(sent)) == ("31.80", "0.00")


async def test_a_step_that_is_repeated_is_done_once(counter: Counter) -> None:
    order = await counter.sold({"MILK-1L": 2})
    asked = await counter.asked(order, {"MILK-1L": 1}, "REFUND")
    await counter.did("returnApprove", asked)
    again = await counter.do("returnApprove", asked)
    assert [warning["code"] for warning in again["warnings"]] == ["ALREADY_DONE"]
    assert len((await counter.order(order))["refunds"]) == 1


async def test_the_same_key_takes_goods_in_once(counter: Counter, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 2})
    approved = await counter.approved(order, {"MILK-1L": 1})
    for _ in range(2):
        assert (await counter.received(approved, idempotencyKey="once"))["status"] == "COMPLETED"
    assert (await shelf(), len((await counter.order(order))["refunds"])) == ((99, 0), 1)
    first, second = [await counter.asked(order, {"MILK-1L": 1}, idempotencyKey="ask") for _ in range(2)]
    assert first["id"] == second["id"]


async def test_no_more_can_be_asked_for_than_was_bought(counter: Counter) -> None:
    order = await counter.sold({"MILK-1L": 3})
    await counter.asked(order, {"MILK-1L": 2})
    for quantity in (0, 2, -1):
        told = refusal(await counter.ask(order, {"MILK-1L": quantity}))
        assert told == ("INVALID", ["input", "lines", "quantity"])
    assert (await counter.asked(order, {"MILK-1L": 1}))["status"] == "REQUESTED"
    assert await counter.broken() == {}


async def test_only_a_complete_order_is_returned(counter: Counter) -> None:
    order = await buy(counter.buyer, counter.world)
    assert refusal(await counter.ask(order, {"MILK-1L": 1})) == ("ORDER_STATE", ["input", "orderId"])
    found = (await counter.buyer.run(OF_ORDER, id=order["id"]))["order"]
    assert found["lines"] == [{"returnableQuantity": 0, "returnableUntil": None}]


async def test_a_guest_returns_what_a_guest_has_bought(counter: Counter, client: Client) -> None:
    order = await counter.sold({"MILK-1L": 2}, buyer=client)
    asked = await counter.asked(order, {"MILK-1L": 1}, by=client)
    assert (asked["order"], asked["allowedActions"]) == (None, ["returnCancel"])
    assert back(await counter.received(await counter.did("returnApprove", asked))) == ("15.90", "0.00")
    assert [one["status"] for one in (await client.run(OF_ORDER, id=order["id"]))["order"]["returns"]] == ["COMPLETED"]


async def test_a_page_of_returns_has_as_many_statements_as_one(counter: Counter, statements: Any) -> None:
    order = await counter.sold({"MILK-1L": 5, "BREAD": 5})
    ask = f"{{ returns(first: 50) {{ nodes {RETURN_FIELDS} }} }}"
    found = []
    for _ in range(2):
        for kind in ("RETURN", "EXCHANGE"):
            await counter.received(await counter.approved(order, {"MILK-1L": 1, "BREAD": 1}, kind))
        await counter.staff.run(ask)
        with statements() as sent:
            nodes = (await counter.staff.run(ask))["returns"]["nodes"]
        found.append((len(nodes), len(sent)))
    (few, at_first), (many, then) = found
    assert (few, many) == (2, 4)
    assert at_first == then


async def test_pages_of_returns(counter: Counter) -> None:
    order = await counter.sold({"MILK-1L": 3})
    asked = [(await counter.asked(order, {"MILK-1L": 1}))["id"] for _ in range(3)]
    first = (await counter.staff.run(LIST, first=2))["returns"]
    assert ([one["id"] for one in first["nodes"]], first["totalCount"]) == (asked[:0:-1], 3)
    rest = (await counter.staff.run(LIST, first=2, after=first["pageInfo"]["endCursor"]))["returns"]
    assert [one["id"] for one in rest["nodes"]] == asked[:1]
    await counter.did("returnReject", {"id": asked[0]}, answer="no")
    where = {"statuses": ["REJECTED"], "storeId": counter.world.stores["S1"]}
    assert [one["id"] for one in (await counter.staff.run(LIST, where=where))["returns"]["nodes"]] == asked[:1]
