"""Mutations that ask for what cannot be: a typed refusal that names the input, and nothing is changed."""

from typing import Any

import pytest

from core.ids import new_id
from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.brands import build_world
from schema.relay import global_id
from tests.schema.shop import ADDRESS, Payload, buy, fill, place, refusal

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("unchanged")]

ADD = {"cartId": "@cart", "variantId": "@milk", "quantity": 1}
UPDATE = {"cartId": "@cart", "lineId": "@line", "quantity": 1}
SET: Payload = {"cartId": "@cart", "fulfilment": "PICKUP"}
PLACE = {"cartId": "@cart", "idempotencyKey": "k"}
PAY = {"orderId": "@order", "provider": "sandbox", "idempotencyKey": "k"}
CANCEL = {"orderId": "@order", "idempotencyKey": "k"}
SCAN = {"cartId": "@cart", "storeId": "@s1", "barcode": "6900000000010"}
NEW_SCAN = {"storeId": "@s1", "barcode": "6900000000010"}
ITEM = {"variantId": "@milk", "quantity": 1}
CART_ID, ORDER_ID, STORE_ID = ["input", "cartId"], ["input", "orderId"], ["input", "storeId"]
VARIANT_ID, LINE_ID, QUANTITY = ["input", "variantId"], ["input", "lineId"], ["input", "quantity"]
KEY, NOTE, LINES, CODE = ["input", "idempotencyKey"], ["input", "note"], ["input", "lines"], ["input", "code"]
FAULTY_IDS = ["garbage", "", "@s1", "é", "x" * 2_000]
NO_VARIANT, NO_STORE = "@unknown ProductVariant", "@unknown Store"
INT = 2**31 - 1

REFUSED: list[tuple[str, Payload, str, list[str]]] = [
    *[("cartLineAdd", ADD | {"cartId": cart}, "NOT_FOUND", CART_ID) for cart in [*FAULTY_IDS, "@unknown Cart"]],
    *[("cartLineAdd", ADD | {"variantId": v}, "NOT_FOUND", VARIANT_ID) for v in [*FAULTY_IDS, NO_VARIANT]],
    *[("cartLineAdd", ADD | {"quantity": n}, "INVALID", QUANTITY) for n in (0, -1, -INT, 100_001, INT)],
    *[("cartLineUpdate", UPDATE | {"lineId": x}, "NOT_FOUND", LINE_ID) for x in [*FAULTY_IDS, "@unknown CartLine"]],
    *[("cartLineUpdate", UPDATE | {"quantity": n}, "INVALID", QUANTITY) for n in (-1, -INT, 100_001, INT)],
    ("cartLineUpdate", UPDATE | {"cartId": "@other", "lineId": "@line"}, "NOT_FOUND", LINE_ID),
    *[("cartCreate", {"storeId": s}, "NOT_FOUND", STORE_ID) for s in ("", "garbage", "@milk", NO_STORE)],
    ("cartCreate", {"lines": [ITEM | {"quantity": -1}]}, "INVALID", [*LINES, "quantity"]),
    ("cartCreate", {"lines": [ITEM | {"quantity": 60_000}] * 2}, "INVALID", [*LINES, "quantity"]),
    ("cartCreate", {"lines": [ITEM] * 51}, "INVALID", LINES),
    ("cartCreate", {"lines": [ITEM | {"variantId": "@s1"}]}, "NOT_FOUND", [*LINES, "variantId"]),
    ("cartCreate", {"lines": [ITEM | {"variantId": NO_VARIANT}]}, "NOT_FOUND", [*LINES, "variantId"]),
    *[("cartScan", SCAN | {"cartId": cart}, "NOT_FOUND", CART_ID) for cart in [*FAULTY_IDS, "@unknown Cart"]],
    *[("cartScan", SCAN | {"storeId": s}, "OTHER_STORE", STORE_ID) for s in ("", "garbage", "@milk", NO_STORE)],
    *[("cartScan", NEW_SCAN | {"storeId": s}, "NOT_FOUND", STORE_ID) for s in ("", "garbage", "@milk", NO_STORE)],
    *[("cartScan", SCAN | {"barcode": b}, "NOT_FOUND", ["input", "barcode"]) for b in ("", "é", "2" * 13, "x" * 2_000)],
    *[("cartScan", SCAN | {"quantity": n}, "INVALID", QUANTITY) for n in (0, -1, -INT, 100_001, INT)],
    *[("cartFulfilmentSet", SET | {"storeId": s}, "NOT_FOUND", STORE_ID) for s in ("garbage", "@cart", NO_STORE)],
    *[("cartFulfilmentSet", SET | {"cartId": cart}, "NOT_FOUND", CART_ID) for cart in FAULTY_IDS],
    *[("orderPlace", PLACE | {"cartId": cart}, "NOT_FOUND", CART_ID) for cart in [*FAULTY_IDS, "@unknown Cart"]],
    *[("orderPlace", PLACE | {"idempotencyKey": key}, "INVALID", KEY) for key in ("", "k" * 201)],
    *[("orderPlace", PLACE | {"cartVersion": n}, "STALE", ["input", "cartVersion"]) for n in (0, 2, -1, INT)],
    ("orderPlace", PLACE | {"note": "长" * 501}, "INVALID", NOTE),
    ("orderPlace", PLACE | {"contact": {"phone": "1"}}, "INVALID", ["input", "contact", "phone"]),
    ("orderPlace", PLACE | {"contact": {"phone": "1" * 2_000}}, "INVALID", ["input", "contact", "phone"]),
    ("orderPlace", PLACE | {"cartId": "@empty"}, "INVALID", CART_ID),
    ("orderPlace", PLACE | {"cartId": "@homeless"}, "INVALID", CART_ID),
    *[("paymentStart", PAY | {"orderId": order}, "NOT_FOUND", ORDER_ID) for order in [*FAULTY_IDS, "@unknown Order"]],
    *[("paymentStart", PAY | {"provider": p}, "INVALID", ["input", "provider"]) for p in ("", "till", "x" * 2_000)],
    *[("paymentStart", PAY | {"idempotencyKey": key}, "INVALID", KEY) for key in ("", "k" * 201)],
    *[("orderCancel", CANCEL | {"orderId": order}, "NOT_FOUND", ORDER_ID) for order in [*FAULTY_IDS, "@unknown Order"]],
    *[("orderCancel", CANCEL | {"idempotencyKey": key}, "INVALID", KEY) for key in ("", "k" * 201)],
    ("orderCancel", CANCEL | {"reason": "x" * 501}, "INVALID", ["input", "reason"]),
]
BY_STAFF: list[tuple[str, Payload, str, list[str]]] = [
    *[("orderAccept", {"orderId": order}, "NOT_FOUND", ORDER_ID) for order in [*FAULTY_IDS, "@unknown Order"]],
    ("orderAccept", {"orderId": "@paid", "fulfilmentId": "garbage"}, "NOT_FOUND", ["input", "fulfilmentId"]),
    ("orderAccept", {"orderId": "@paid", "note": "x" * 501}, "INVALID", NOTE),
    ("orderReject", {"orderId": "@unknown Order"}, "NOT_FOUND", ORDER_ID),
    ("orderReject", {"orderId": "@order"}, "ORDER_STATE", ORDER_ID),
    *[("orderVerify", {"code": c, "storeId": "@s1"}, "CODE_UNKNOWN", CODE) for c in ("", "0", "x" * 2_000)],
    *[("orderVerify", {"code": "0", "storeId": s}, "NOT_FOUND", STORE_ID) for s in ("garbage", "@milk")],
    ("refundCreate", {"orderId": "@order", "reason": "x", "idempotencyKey": "k"}, "ORDER_STATE", ORDER_ID),
    ("refundCreate", {"orderId": "@unknown Order", "reason": "x", "idempotencyKey": "k"}, "NOT_FOUND", ORDER_ID),
    ("refundCreate", {"orderId": "@paid", "reason": "x", "idempotencyKey": ""}, "INVALID", KEY),
]
COERCED: list[tuple[str, Payload]] = [
    ("cartLineAdd", ADD | {"quantity": INT + 1}),
    ("cartLineAdd", ADD | {"quantity": 1.5}),
    ("cartLineAdd", ADD | {"quantity": "1"}),
    ("cartLineAdd", ADD | {"quantity": None}),
    ("cartLineAdd", ADD | {"surprise": 1}),
    ("cartLineAdd", {"cartId": "@cart"}),
    ("cartScan", SCAN | {"quantity": 1.5}),
    ("cartScan", SCAN | {"barcode": 6900000000010}),
    ("cartScan", SCAN | {"barcode": None}),
    ("cartCreate", {"fulfilment": "TELEPORT"}),
    ("cartCreate", {"lines": [ITEM | {"variantId": {"deep": [[[]]]}}]}),
    ("cartFulfilmentSet", SET | {"slotStart": "tomorrow"}),
    ("cartFulfilmentSet", SET | {"slotStart": "2030-01-01T10:00:00"}),
    ("cartFulfilmentSet", SET | {"slotStart": "0001-01-01T00:00:00+08:00"}),
    ("cartFulfilmentSet", SET | {"slotStart": "9999-12-31T23:59:59-08:00"}),
    ("cartFulfilmentSet", SET | {"slotStart": 5}),
    ("cartFulfilmentSet", SET | {"address": ADDRESS | {"location": {"latitude": "31", "longitude": 121}}}),
    ("refundCreate", {"orderId": "@paid", "reason": "x", "idempotencyKey": "k", "amount": "NaN"}),
    ("refundCreate", {"orderId": "@paid", "reason": "x", "idempotencyKey": "k", "amount": "Infinity"}),
    ("refundCreate", {"orderId": "@paid", "reason": "x", "idempotencyKey": "k", "amount": "ten"}),
    ("refundCreate", {"orderId": "@paid", "reason": "x", "idempotencyKey": "k", "amount": [1]}),
]


@pytest.fixture(scope="module")
async def world(application: Application) -> World:
    """One brand for all of these: they change nothing."""
    return await build_world(application.platform)


@pytest.fixture(scope="module")
async def manager(application: Application, world: World) -> Client:
    """Who may do everything; signed in once, since that changes something."""
    return await Client(application, world.tenant.slug).staff(world.email("manager"))


@pytest.fixture(scope="module")
async def ids(application: Application, world: World) -> dict[str, str]:
    """What the inputs above name."""
    guest = Client(application, world.tenant.slug)
    cart = await fill(guest, world)
    names = {
        "cart": cart,
        "other": await fill(guest, world),
        "empty": await fill(guest, world, {}),
        "homeless": await fill(guest, world, store=None),
        "order": await place(guest, await fill(guest, world)),
        "paid": await buy(guest, world),
    }
    keys = {"milk": world.variants["MILK-1L"], "s1": world.stores["S1"], "line": cart["lines"][0]["id"]}
    return keys | {name: thing["id"] for name, thing in names.items()}


def spelt_out(value: Any, ids: dict[str, str]) -> Any:
    """An input with each @name replaced by what it stands for."""
    if isinstance(value, dict):
        return {name: spelt_out(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [spelt_out(part, ids) for part in value]
    if isinstance(value, str) and value.startswith("@"):
        return ids.get(value[1:]) or global_id(value.removeprefix("@unknown "), new_id())
    return value


@pytest.mark.parametrize(("field", "given", "code", "path"), REFUSED)
async def test_what_a_shopper_cannot_have_is_refused(
    client: Client, ids: dict[str, str], field: str, given: Payload, code: str, path: list[str]
) -> None:
    assert refusal(await client.do(field, spelt_out(given, ids))) == (code, path)


@pytest.mark.parametrize(("field", "given", "code", "path"), BY_STAFF)
async def test_what_staff_cannot_do_is_refused(
    manager: Client, ids: dict[str, str], field: str, given: Payload, code: str, path: list[str]
) -> None:
    assert refusal(await manager.do(field, spelt_out(given, ids))) == (code, path)


@pytest.mark.parametrize(("field", "given"), COERCED)
async def test_an_input_of_another_shape_never_reaches_the_business(
    client: Client, ids: dict[str, str], field: str, given: Payload
) -> None:
    kind = client.application.schema.mutation_fields[field].args["input"].type
    document = f"mutation($i: {kind}) {{ {field}(input: $i) {{ userErrors {{ code }} }} }}"
    response = await client.send(document, i=spelt_out(given, ids))
    assert {error["extensions"]["code"] for error in response["errors"]} == {"BAD_REQUEST"}
