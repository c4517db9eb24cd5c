"""A pickup code that another order has already: nothing is paid by half, and asking again gives another one."""

import pytest

from core.verification import service
from hexmart.testing import Client, World
from tests.schema.conftest import Shelf
from tests.schema.shop import ORDER, buy, fill, pay, place, read, refusal

pytestmark = pytest.mark.anyio


async def test_a_code_that_is_taken_is_drawn_anew(
    client: Client, world: World, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await buy(client, world)
    order = await place(client, await fill(client, world))
    before = await shelf()
    with monkeypatch.context() as lucky:
        lucky.setattr(service, "new_reference", lambda _: first["pickupCode"].replace("-", ""))
        asked = {"orderId": order["id"], "provider": "sandbox", "idempotencyKey": "once"}
        assert refusal(await client.do("paymentStart", asked, ORDER)) == ("BUSY", [])
    unpaid = await read(client, order)
    assert unpaid is not None
    assert (unpaid["status"], unpaid["pickupCode"], await shelf()) == ("PENDING_PAYMENT", None, before)
    paid = await pay(client, order, "once")
    assert paid["status"] == "PAID"
    assert paid["pickupCode"] not in (None, first["pickupCode"])
