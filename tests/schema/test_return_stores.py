"""Whose business a return is: the buyer's, the store's that takes the goods, and nobody else's."""

import pytest

from hexmart.testing import Client
from tests.schema.conftest import Shelf
from tests.schema.hiring import hire, signed_in, store
from tests.schema.returning import LIST, Counter, back
from tests.schema.shop import Payload, done, refusal

pytestmark = pytest.mark.anyio
MISSING = ("NOT_FOUND", ["input", "returnId"])


async def manager_of(counter: Counter, guest: Client, code: str, role: str = "store_manager") -> Client:
    person = await hire(counter.platform, counter.world, **{role: store(counter.world, code)})
    return await signed_in(guest, counter.platform, counter.world, person)


async def listed(staff: Client) -> list[str]:
    return [one["id"] for one in (await staff.run(LIST))["returns"]["nodes"]]


async def test_a_store_takes_back_what_another_has_sold(counter: Counter, client: Client, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 2})
    asked = await counter.asked(order, {"MILK-1L": 2}, storeId=counter.world.stores["S2"])
    here, there = await manager_of(counter, client, "S1"), await manager_of(counter, client, "S2")
    assert asked["store"] == {"code": "S2"}
    assert (await listed(here), await listed(there)) == ([], [asked["id"]])
    assert refusal(await counter.do("returnApprove", asked, by=here)) == MISSING
    approved = await counter.did("returnApprove", asked, by=there)
    assert approved["order"] is None, "whoever takes goods in need not see the order"
    assert refusal(await counter.receive(approved, by=here)) == MISSING
    received = await counter.received(approved, by=there)
    assert back(received) == ("31.80", "0.00")
    assert (await shelf(), await shelf(store="S2")) == ((98, 0), (102, 0))
    assert (await counter.order(order))["status"] == "REFUNDED"
    assert await counter.broken() == {}


async def test_a_brand_may_want_goods_back_where_they_are_from(counter: Counter) -> None:
    await counter.rule("returns.other_stores", False)
    order = await counter.sold({"MILK-1L": 2})
    elsewhere = await counter.ask(order, {"MILK-1L": 1}, storeId=counter.world.stores["S2"])
    assert refusal(elsewhere) == ("INVALID", ["input", "storeId"])


async def test_a_store_neither_sees_nor_touches_the_returns_of_another(counter: Counter, client: Client) -> None:
    order = await counter.sold({"MILK-1L": 3})
    exchange = await counter.received(await counter.approved(order, {"MILK-1L": 1}, "EXCHANGE"))
    asked = await counter.asked(order, {"MILK-1L": 1})
    other = await manager_of(counter, client, "S2")
    assert await counter.read(asked, other) is None
    assert await listed(other) == []
    more: dict[str, dict[str, object]] = {"returnReject": {"answer": "no"}, "returnReceive": {"idempotencyKey": "x"}}
    for action in ("returnApprove", "returnReject", "returnCancel", "returnSend", "returnReceive"):
        assert refusal(await counter.do(action, asked, by=other, **more.get(action, {}))) == MISSING, action
    for action in ("returnHandOver", "returnRefund"):
        assert refusal(await counter.do(action, exchange, by=other)) == MISSING, action
    assert refusal(await counter.ask(order, {"MILK-1L": 1}, by=other)) == ("NOT_FOUND", ["input", "orderId"])
    assert (await counter.read(asked) or {})["status"] == "REQUESTED"


async def test_a_member_neither_sees_nor_asks_for_what_is_anothers(counter: Counter, client: Client) -> None:
    order = await counter.sold({"MILK-1L": 3})
    approved = await counter.approved(order, {"MILK-1L": 1})
    other = await client.member("13800000002")
    for stranger in (client, other):
        assert await counter.read(approved, stranger) is None
        for action in ("returnCancel", "returnSend"):
            assert refusal(await counter.do(action, approved, by=stranger)) == MISSING
        asked = await counter.ask(order, {"MILK-1L": 1}, by=stranger)
        assert refusal(asked) == ("NOT_FOUND", ["input", "orderId"])


async def test_a_clerk_takes_goods_in_and_does_not_decide(counter: Counter, client: Client) -> None:
    order = await counter.sold({"MILK-1L": 3})
    clerk = await manager_of(counter, client, "S1", "clerk")
    asked = await counter.asked(order, {"MILK-1L": 1}, by=clerk)
    assert (asked["status"], asked["allowedActions"]) == ("REQUESTED", [])
    await counter.did("returnApprove", asked)
    assert back(await counter.received(asked, by=clerk)) == ("15.90", "0.00")
    assert await forbidden(clerk, asked) == "FORBIDDEN"


async def forbidden(staff: Client, found: Payload) -> str:
    sent = "mutation($id: ID!) { returnApprove(input: {returnId: $id}) { return { id } } }"
    return str(await staff.code(sent, id=found["id"]))


async def test_staff_who_take_goods_name_their_own_store(counter: Counter, client: Client) -> None:
    order = await counter.sold({"MILK-1L": 1})
    clerk = await manager_of(counter, client, "S1", "clerk")
    elsewhere = await counter.ask(order, {"MILK-1L": 1}, by=clerk, storeId=counter.world.stores["S2"])
    assert refusal(elsewhere) == ("NOT_FOUND", ["input", "storeId"])
    assert done(await counter.ask(order, {"MILK-1L": 1}, by=clerk), "return")["store"] == {"code": "S1"}
