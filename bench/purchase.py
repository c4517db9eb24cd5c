"""Purchases: a guest's as three requests, and one from the cart to the counter as seven."""

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

    async def buy_as_guest(self, caller: Caller) -> None:
        """Two variants put into a cart at once, ordered and paid for, at another shop each time."""
        number = next(self._numbers)
        lines = [{"variantId": variant, "quantity": more} for more, variant in enumerate(self._wanted(number), 1)]
        cart = (await do(caller, CART_CREATE, storeId=self._shop(number), lines=lines))["cart"]
        await self._pay(caller, cart, number)

    async def buy(self, caller: Caller) -> None:
        """Two variants put into a cart one by one, and all that follows until they are handed out."""
        number, began = next(self._numbers), perf_counter()
        shop, (first, second) = self._shop(number), self._wanted(number)
        cart = (await do(caller, CART_CREATE, storeId=shop, lines=[{"variantId": first, "quantity": 1}]))["cart"]
        cart = (await do(caller, LINE_ADD, cartId=cart["id"], variantId=second, quantity=2))["cart"]
        order = await self._pay(caller, cart, number)
        self.paid_after.append(perf_counter() - began)
        for step in (ACCEPT, READY):
            await do(caller, step, self.clerk, orderId=order["id"])
        done = await do(caller, VERIFY, self.clerk, code=order["pickupCode"], storeId=shop)
        if done["order"]["status"] != "COMPLETED":
            raise Unexpected(done)

    def _shop(self, number: int) -> str:
        return self.shops[number % len(self.shops)]

    def _wanted(self, number: int) -> list[str]:
        return [self.variants[(2 * number + more) % len(self.variants)] for more in (0, 1)]

    async def _pay(self, caller: Caller, cart: Any, number: int) -> Any:
        """Order a cart and pay for it, with the sandbox that captures at once."""
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
