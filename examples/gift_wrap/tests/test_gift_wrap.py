"""Gift wrapping through the API: as a shopper, as the brand's staff, and what reaches the printer."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response

from core.actors import system
from hexmart.testing import Client, Enable, World, done, refused
from hexmart.testing.loopback import served
from tenants import Platform

LINES = "cart { id lines { id variant { sku } } }"
SET = """cart { version lines { id giftWrap { paper { name } card } } totals { fees { amount } payable { amount } }
    adjustments { kind source label amount { amount } } }"""
CARDS = "query($id: ID!) { order(id: $id) { giftWrapLines { paper { name } card variant { sku } } } }"
GIFTS = "SELECT count(*) FROM gift_wrap_line WHERE tenant_id = $1"
SEALED = "SELECT card FROM gift_wrap_line WHERE tenant_id = $1"
CART = "query($id: ID!) { cart(id: $id) { lines { giftWrap { card } } totals { fees { amount } } } }"


@dataclass(frozen=True)
class Shopper:
    """A guest with a cart of two lines, and the paper that there is."""

    client: Client
    cart: str
    milk: str
    bread: str
    paper: str

    async def wrap(self, line: str, **more: object) -> dict[str, Any]:
        """The payload of having a line wrapped."""
        return await self.client.do("giftWrapSet", {"cartId": self.cart, "lineId": line, **more}, SET)

    async def buy(self) -> str:
        """The id of an order that is placed and paid."""
        placed = done(await self.client.do("orderPlace", {"cartId": self.cart, "idempotencyKey": "o"}, "order { id }"))
        order = str(placed["order"]["id"])
        payment = {"orderId": order, "provider": "sandbox", "idempotencyKey": "p"}
        assert done(await self.client.do("paymentStart", payment, "order { status }"))["order"]["status"] == "PAID"
        return order


@pytest.fixture
async def shopper(client: Client, world: World, enable: Enable) -> Shopper:
    """Wrapping is on, and there is one paper."""
    await enable("gift_wrap")
    owner = await client.staff(world.email("owner"))
    paper = done(await owner.do("giftWrapPaperCreate", {"name": "Stars"}, "paper { id }"))["paper"]["id"]
    wanted = [{"variantId": world.variants[sku], "quantity": 1} for sku in ("MILK-1L", "BREAD")]
    made = done(await client.do("cartCreate", {"storeId": world.stores["S1"], "lines": wanted}, LINES))["cart"]
    lines = {line["variant"]["sku"]: line["id"] for line in made["lines"]}
    return Shopper(client, made["id"], lines["MILK-1L"], lines["BREAD"], paper)


async def value(platform: Platform, world: World, sql: str) -> Any:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return await work.value(sql)


async def test_a_wrapped_line_costs_a_fee_and_says_why(shopper: Shopper) -> None:
    cart = done(await shopper.wrap(shopper.milk, paperId=shopper.paper, card="Happy birthday!"))["cart"]
    gifts = {line["id"]: line["giftWrap"] for line in cart["lines"]}
    assert gifts == {shopper.milk: {"paper": {"name": "Stars"}, "card": "Happy birthday!"}, shopper.bread: None}
    fee = {"kind": "FEE", "source": "gift_wrap", "label": "Gift wrapping", "amount": {"amount": "5.00"}}
    assert cart["adjustments"] == [fee]
    assert cart["totals"] == {"fees": {"amount": "5.00"}, "payable": {"amount": "33.40"}}


async def test_every_wrapped_line_costs_and_one_that_is_unwrapped_does_not(shopper: Shopper) -> None:
    for line in (shopper.milk, shopper.bread):
        cart = done(await shopper.wrap(line, paperId=shopper.paper))["cart"]
    assert cart["totals"]["fees"]["amount"] == "10.00"
    cart = done(await shopper.wrap(shopper.milk))["cart"]
    assert cart["totals"]["fees"]["amount"] == "5.00"


async def test_wrapping_makes_another_version_of_the_cart(shopper: Shopper) -> None:
    """Who saw the price before the fee does not pay it unseen."""
    before = done(await shopper.wrap(shopper.milk, paperId=shopper.paper))["cart"]["version"]
    await shopper.wrap(shopper.bread, paperId=shopper.paper)
    wish = {"cartId": shopper.cart, "cartVersion": before, "idempotencyKey": "o"}
    refused(await shopper.client.do("orderPlace", wish), "STALE")


async def test_a_paper_that_is_not_there_and_a_line_that_is_not_there_are_refused(shopper: Shopper) -> None:
    payload = await shopper.wrap(shopper.milk, paperId="nonsense")
    refused(payload, "GIFT_WRAP_UNKNOWN_PAPER", path=["input", "paperId"])
    refused(await shopper.wrap(shopper.paper, paperId=shopper.paper), "NOT_FOUND", path=["input", "lineId"])
    payload = await shopper.wrap(shopper.milk, paperId=shopper.paper, card="x" * 301)
    refused(payload, "INVALID", path=["input", "card"])


async def test_the_order_shows_what_is_wrapped_and_its_price(shopper: Shopper) -> None:
    await shopper.wrap(shopper.milk, paperId=shopper.paper, card="For you")
    order = await shopper.buy()
    asked = "query($id: ID!) { order(id: $id) { totals { fees { amount } payable { amount } } } }"
    totals = (await shopper.client.run(asked, id=order))["order"]["totals"]
    assert totals == {"fees": {"amount": "5.00"}, "payable": {"amount": "33.40"}}
    lines = (await shopper.client.run(CARDS, id=order))["order"]["giftWrapLines"]
    assert lines == [{"paper": {"name": "Stars"}, "card": "For you", "variant": {"sku": "MILK-1L"}}]


async def test_staff_read_a_card_only_with_the_permission_for_what_is_personal(shopper: Shopper, world: World) -> None:
    await shopper.wrap(shopper.milk, paperId=shopper.paper, card="For you")
    order = await shopper.buy()
    for name, card in (("clerk", None), ("manager", "For you")):
        staff = await shopper.client.staff(world.email(name))
        assert (await staff.run(CARDS, id=order))["order"]["giftWrapLines"][0]["card"] == card


async def test_a_card_is_sealed_at_rest(shopper: Shopper, platform: Platform, world: World) -> None:
    await shopper.wrap(shopper.milk, paperId=shopper.paper, card="For you alone")
    assert b"For you alone" not in await value(platform, world, SEALED)


async def test_a_gift_goes_with_its_line(shopper: Shopper, platform: Platform, world: World) -> None:
    await shopper.wrap(shopper.milk, paperId=shopper.paper)
    away = {"cartId": shopper.cart, "lineId": shopper.milk, "quantity": 0}
    done(await shopper.client.do("cartLineUpdate", away))
    assert await value(platform, world, GIFTS) == 0


async def test_what_was_written_for_a_cart_that_expired_is_deleted(
    shopper: Shopper,
    platform: Platform,
    world: World,
    run_worker: Callable[[], Awaitable[None]],
    move_clock: Callable[[timedelta], Awaitable[None]],
) -> None:
    await shopper.wrap(shopper.milk, paperId=shopper.paper, card="For you")
    await run_worker()
    assert await value(platform, world, GIFTS) == 1
    await move_clock(timedelta(days=31))
    await run_worker()
    assert await value(platform, world, GIFTS) == 0


async def test_only_who_manages_gift_wrapping_adds_papers(shopper: Shopper, world: World) -> None:
    clerk = await shopper.client.staff(world.email("clerk"))
    asked = 'mutation { giftWrapPaperCreate(input: { name: "Dots" }) { paper { id } } }'
    assert await clerk.code(asked) == "FORBIDDEN"
    owner = await shopper.client.staff(world.email("owner"))
    refused(await owner.do("giftWrapPaperCreate", {"name": " Stars "}), "INVALID", path=["input", "name"])
    assert [paper["name"] for paper in (await shopper.client.run("{ giftWrapPapers { name } }"))["giftWrapPapers"]] == [
        "Stars"
    ]


async def test_the_number_of_statements_does_not_grow_with_the_cart(
    shopper: Shopper, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    await shopper.wrap(shopper.milk, paperId=shopper.paper)
    await shopper.client.run(CART, id=shopper.cart)  # whatever a process reads once, it has read
    with statements() as one:
        await shopper.client.run(CART, id=shopper.cart)
    await shopper.wrap(shopper.bread, paperId=shopper.paper)
    with statements() as two:
        await shopper.client.run(CART, id=shopper.cart)
    assert len(one) == len(two)


async def test_a_brand_that_has_it_not_wraps_nothing(client: Client, other_world: World, enable: Enable) -> None:
    await enable("gift_wrap")
    other = Client(client.application, other_world.tenant.slug)
    assert await other.code("{ giftWrapPapers { name } }") == "PLUGIN_DISABLED"


@pytest.mark.parametrize(("free_from", "fee"), [(2_841, "5.00"), (2_840, "0.00")])
async def test_wrapping_is_free_from_an_amount(shopper: Shopper, world: World, free_from: int, fee: str) -> None:
    owner = await shopper.client.staff(world.email("owner"))
    done(await owner.do("ruleSet", {"key": "gift_wrap.free_from", "value": free_from}))
    cart = done(await shopper.wrap(shopper.milk, paperId=shopper.paper))["cart"]
    assert cart["totals"]["fees"]["amount"] == fee


class Printer:
    """A printer on a port of this machine; it may be out of paper at first."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.heard: list[tuple[str, list[str]]] = []
        self.application = FastAPI(openapi_url=None)
        self.application.add_api_route("/", self._print, methods=["POST"])

    async def _print(self, request: Request) -> Response:
        if self.refusals:
            self.refusals -= 1
            return Response(status_code=503)
        self.heard.append((request.headers["authorization"], (await request.json())["cards"]))
        return Response()


async def test_cards_of_a_paid_order_are_printed_once(
    shopper: Shopper, enable: Enable, run_worker: Callable[[], Awaitable[None]]
) -> None:
    printer = Printer()
    async with served(printer.application) as url:
        await enable("gift_wrap", {"printer_url": url, "printer_key": "a key"})
        await shopper.wrap(shopper.milk, paperId=shopper.paper, card="For you")
        await shopper.wrap(shopper.bread, paperId=shopper.paper)
        await run_worker()
        assert printer.heard == []
        await shopper.buy()
        for _ in range(2):
            await run_worker()
    assert printer.heard == [("Bearer a key", ["For you"])]


async def test_a_brand_without_a_printer_prints_nothing(
    shopper: Shopper, run_worker: Callable[[], Awaitable[None]]
) -> None:
    await shopper.wrap(shopper.milk, paperId=shopper.paper, card="For you")
    await shopper.buy()
    await run_worker()
