"""One purchase from the cart to the counter, as seven requests."""

import itertools
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from bench.client import Caller, Unexpected, ask, do

_SAID = "userErrors { code message }"
_CART = f"cart {{ id version lines {{ id quantity total {{ amount }} }} totals {{ payable {{ amount }} }} }} {_SAID}"
_ORDER = f"order {{ id number status totals {{ payable {{ amount currency }} }} reservedUntil }} {_SAID}"
_STEP = f"order {{ id status }} {_SAID}"

CART_CREATE = f"mutation Create($input: CartCreateInput!) {{ cartCreate(input: $input) {{ {_CART} }} }}"
LINE_ADD = f"mutation Add($input: CartLineAddInput!) {{ cartLineAdd(input: $input) {{ {_CART} }} }}"
PLACE = f"mutation Place($input: OrderPlaceInput!) {{ orderPlace(input: $input) {{ {_ORDER} }} }}"
PAY = f"""mutation Pay($input: PaymentStartInput!) {{
  paymentStart(input: $input) {{ payment {{ id status }} order {{ id status pickupCode }} {_SAID} }}
}}"""
ACCEPT = f"mutation Accept($input: OrderActionInput!) {{ orderAccept(input: $input) {{ {_STEP} }} }}"
READY = f"mutation Ready($input: OrderActionInput!) {{ orderReady(input: $input) {{ {_STEP} }} }}"
VERIFY = f"mutation Verify($input: OrderVerifyInput!) {{ orderVerify(input: $input) {{ {_STEP} }} }}"

SIGN_IN = f"mutation SignIn($input: StaffSignInInput!) {{ staffSignIn(input: $input) {{ accessToken {_SAID} }} }}"


@dataclass(slots=True)
class Market:
    """Where there is plenty to buy, and who hands it out."""

    shops: Sequence[str]
    variants: Sequence[str]
    clerk: str  #: the token of somebody who serves in every shop
    paid_after: list[float] = field(default_factory=list)  #: seconds from the first request until the order was paid
    _key: str = field(default_factory=lambda: secrets.token_hex(8))
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    async def buy(self, caller: Caller) -> None:
        """Two variants, at another shop each time."""
        number, began = next(self._numbers), perf_counter()
        shop = self.shops[number % len(self.shops)]
        order = await self._pay(caller, shop, number)
        self.paid_after.append(perf_counter() - began)
        for step in (ACCEPT, READY):
            await do(caller, step, self.clerk, orderId=order["id"])
        done = await do(caller, VERIFY, self.clerk, code=order["pickupCode"], storeId=shop)
        if done["order"]["status"] != "COMPLETED":
            raise Unexpected(done)

    async def _pay(self, caller: Caller, shop: str, number: int) -> Any:
        """What a guest does."""
        first, second = (self.variants[(2 * number + more) % len(self.variants)] for more in (0, 1))
        lines = [{"variantId": first, "quantity": 1}]
        cart = (await do(caller, CART_CREATE, storeId=shop, lines=lines))["cart"]["id"]
        cart = (await do(caller, LINE_ADD, cartId=cart, variantId=second, quantity=2))["cart"]
        key = f"{self._key}-{number}"
        order = (await do(caller, PLACE, cartId=cart["id"], cartVersion=cart["version"], idempotencyKey=key))["order"]
        paid = (await do(caller, PAY, orderId=order["id"], provider="sandbox", idempotencyKey=key))["order"]
        if paid["status"] != "PAID":
            raise Unexpected(paid)
        return paid


async def sign_in(caller: Caller, email: str) -> str:
    """The token of somebody of staff."""
    token = (await do(caller, SIGN_IN, email=email, password="hexmart-demo"))["accessToken"]  # noqa: S106 - of demos
    return str(token)


async def always_open(caller: Caller) -> list[str]:
    """Shops where a purchase can be collected at any time."""
    document = "{ stores(first: 100) { nodes { id fulfilments openingHours { weekday opens closes } } } }"
    return [
        store["id"]
        for store in (await ask(caller, document))["stores"]["nodes"]
        if "PICKUP" in store["fulfilments"]
        and [(one["opens"], one["closes"]) for one in store["openingHours"]] == [("00:00", "24:00")] * 7
    ]
