"""What a guest's purchase asks of the database: no more for many things than for one, and nothing that it knows."""

from collections.abc import Mapping

import pytest

from hexmart.testing import Client, World
from hexmart.testing.statements import listening
from tests.schema.shop import Payload, items

pytestmark = pytest.mark.anyio

ONE, MANY = {"MILK-1L": 2}, {"MILK-1L": 2, "BREAD": 1, "APPLE": 1_000}
CART = "cart { id version lines { id quantity total { amount } } totals { payable { amount } } }"
ORDER = "order { id number status totals { payable { amount currency } } reservedUntil }"
PAID = "payment { id status } order { id status pickupCode }"
MOST = {"cartCreate": 4, "orderPlace": 15, "paymentStart": 14}  #: BEGIN and COMMIT included


async def _purchase(client: Client, world: World, wanted: Mapping[str, int]) -> dict[str, list[str]]:
    """The statements of each request of a purchase."""
    sent: dict[str, list[str]] = {}

    async def do(name: str, fields: str, **asked: object) -> Payload:
        with listening() as heard:
            payload = await client.do(name, asked, fields)
        assert payload["userErrors"] == []
        sent[name] = heard
        return payload

    lines = items(world, wanted)
    cart = (await do("cartCreate", CART, storeId=world.stores["S1"], lines=lines))["cart"]
    order = (await do("orderPlace", ORDER, cartId=cart["id"], cartVersion=cart["version"], idempotencyKey="o"))["order"]
    paid = (await do("paymentStart", PAID, orderId=order["id"], provider="sandbox", idempotencyKey="p"))["order"]
    assert paid["status"] == "PAID"
    return sent


async def test_a_purchase_of_many_things_takes_as_many_statements_as_one(client: Client, world: World) -> None:
    await _purchase(client, world, ONE)  # the process knows the documents and the brand from now on
    one, many = await _purchase(client, world, ONE), await _purchase(client, world, MANY)
    taken = {name: len(statements) for name, statements in one.items()}
    print(f"a guest's purchase: {taken}, {sum(taken.values())} statements")  # noqa: T201 - the figure is wanted
    assert many == one
    assert {name: number for name, number in taken.items() if number > MOST[name]} == {}, one


async def test_a_payment_is_answered_by_the_rows_that_its_transactions_have_at_hand(
    client: Client, world: World
) -> None:
    sent = (await _purchase(client, world, ONE))["paymentStart"]
    assert [statement for statement in sent if statement.startswith("BEGIN READ ONLY")] == []
    assert [statement for statement in sent if "FROM payment " in statement or "SELECT subject_id" in statement] == []
