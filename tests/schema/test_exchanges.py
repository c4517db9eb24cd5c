"""Exchanges: something else is kept, and handed out once what was sold has come back."""

from typing import Any

import pytest

from tests.bundling import add_bundle
from tests.schema.conftest import Shelf
from tests.schema.returning import Counter, back
from tests.schema.shop import items, refusal

pytestmark = pytest.mark.anyio


def instead(counter: Counter, sku: str) -> dict[str, Any]:
    return {"replacement": {"replacementId": counter.world.variants[sku]}}


async def test_the_same_again_is_kept_and_handed_out(counter: Counter, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 2})
    approved = await counter.approved(order, {"MILK-1L": 1}, "EXCHANGE", reason="DEFECTIVE")
    assert (approved["status"], await shelf()) == ("APPROVED", (98, 1))
    received = await counter.received(approved, {"MILK-1L": {"quantity": 1, "sellable": 0}})
    assert (received["status"], await shelf()) == ("RECEIVED", (98, 1))
    assert received["allowedActions"] == ["returnHandOver", "returnRefund"]
    assert await counter.broken() == {}
    over = await counter.did("returnHandOver", received)
    assert (over["status"], back(over), await shelf()) == ("COMPLETED", ("0.00", "0.00"), (97, 0))
    assert (await counter.order(order))["refunds"] == []
    assert await counter.broken() == {}


async def test_what_was_handed_out_may_come_back_too(counter: Counter, shelf: Shelf) -> None:
    await counter.price("MILK-2L", 1590)
    order = await counter.sold({"MILK-1L": 1})
    approved = await counter.approved(order, {"MILK-1L": 1}, "EXCHANGE", **instead(counter, "MILK-2L"))
    await counter.did("returnHandOver", await counter.received(approved))
    assert (await shelf(), await shelf("MILK-2L")) == ((100, 0), (99, 0))
    again = await counter.approved(order, {"MILK-1L": 1})
    other = {"MILK-1L": {"quantity": 1, "variantId": counter.world.variants["BREAD"]}}
    assert refusal(await counter.receive(again, other)) == ("INVALID", ["input", "lines", "variantId"])
    other["MILK-1L"]["variantId"] = counter.world.variants["MILK-2L"]
    assert back(await counter.received(again, other)) == ("15.90", "0.00")
    assert (await shelf(), await shelf("MILK-2L")) == ((100, 0), (100, 0))
    assert await counter.broken() == {}


async def test_only_its_like_at_its_price_can_be_had_for_it(counter: Counter) -> None:
    order = await counter.sold({"MILK-1L": 1})
    wrong = ("INVALID", ["input", "lines", "replacementId"])
    for sku in ("MILK-2L", "BREAD"):  # dearer, and something else
        assert refusal(await counter.ask(order, {"MILK-1L": 1}, "EXCHANGE", **instead(counter, sku))) == wrong
    assert refusal(await counter.ask(order, {"MILK-1L": 1}, "RETURN", **instead(counter, "MILK-1L"))) == wrong


async def test_what_is_not_there_cannot_be_promised(counter: Counter, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 2})
    asked = await counter.asked(order, {"MILK-1L": 2}, "EXCHANGE")
    taken = await counter.sold({"MILK-1L": 97})
    assert refusal(await counter.do("returnApprove", asked)) == ("OUT_OF_STOCK", ["input", "returnId"])
    assert await shelf() == (1, 0)
    await counter.received(await counter.approved(taken, {"MILK-1L": 1}))
    await counter.did("returnApprove", asked)
    assert await shelf() == (2, 2)
    wish = {"storeId": counter.world.stores["S1"], "lines": items(counter.world, {"MILK-1L": 1})}
    assert refusal(await counter.buyer.do("cartCreate", wish, "cart { id }"))[0] == "OUT_OF_STOCK"


async def test_as_much_is_handed_out_as_has_come(counter: Counter, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 3, "BREAD": 2})
    approved = await counter.approved(order, {"MILK-1L": 3, "BREAD": 2}, "EXCHANGE")
    assert (await shelf(), await shelf("BREAD")) == ((97, 3), (98, 2))
    received = await counter.received(approved, {"MILK-1L": 1})
    assert (await shelf(), await shelf("BREAD")) == ((98, 1), (98, 0))
    assert await counter.broken() == {}
    await counter.did("returnHandOver", received)
    assert (await shelf(), await shelf("BREAD")) == ((97, 0), (98, 0))
    assert await counter.broken() == {}


async def test_money_may_be_had_in_its_place(counter: Counter, shelf: Shelf) -> None:
    order = await counter.sold({"MILK-1L": 2})
    received = await counter.received(await counter.approved(order, {"MILK-1L": 2}, "EXCHANGE"))
    paid = await counter.did("returnRefund", received)
    assert (paid["status"], back(paid), await shelf()) == ("COMPLETED", ("31.80", "0.00"), (100, 0))
    assert refusal(await counter.do("returnHandOver", received))[0] == "RETURN_STATE"
    assert await counter.broken() == {}


@pytest.mark.parametrize("how", ["returnReject", "returnCancel"])
async def test_what_was_kept_is_for_sale_again_when_nothing_comes_of_it(
    counter: Counter, shelf: Shelf, how: str
) -> None:
    order = await counter.sold({"MILK-1L": 2})
    approved = await counter.approved(order, {"MILK-1L": 2}, "EXCHANGE")
    by, more = (counter.staff, {"answer": "no"}) if how == "returnReject" else (counter.buyer, {})
    await counter.did(how, approved, by=by, **more)
    assert await shelf() == (98, 0)
    assert await counter.broken() == {}


async def test_a_bundle_comes_back_and_goes_out_as_its_parts(counter: Counter, shelf: Shelf) -> None:
    await add_bundle(counter.platform, counter.world, "BOX", {"MILK-1L": 2, "BREAD": 1})
    order = await counter.sold({"BOX": 2})
    approved = await counter.approved(order, {"BOX": 1}, "EXCHANGE")
    assert (await shelf(), await shelf("BREAD")) == ((96, 2), (98, 1))
    await counter.did("returnHandOver", await counter.received(approved))
    assert (await shelf(), await shelf("BREAD")) == ((96, 0), (98, 0))
    assert back(await counter.received(await counter.approved(order, {"BOX": 1}))) == ("20.00", "0.00")
    assert (await shelf(), await shelf("BREAD")) == ((98, 0), (99, 0))
    assert await counter.broken() == {}
