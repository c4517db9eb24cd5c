"""What all who deliver do, whatever they speak: take orders, ride, tell shops of it, and misbehave where told."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import httpx
import orjson
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from core import clock
from core.stores import GeoPoint
from hexmart.simulators.couriers.orders import SPEED, Order, Rider, fee_of

PENALTY = 200  #: fen, for what is cancelled after somebody has accepted it
RETRIES = 3
STEP = 1.0  #: minutes that each step takes, until the goods are out
Answer = Callable[[Any], Awaitable[Any]]
Calling = Callable[[], httpx.AsyncClient]


async def _at_once() -> None:
    return None


def over_the_network() -> httpx.AsyncClient:
    """By what shops are reached."""
    return httpx.AsyncClient(trust_env=False, timeout=5)


@dataclass
class Misbehaviour:
    """What it does that it should not; nothing, unless told."""

    seconds: float = 0.0  #: that every answer takes
    status: int | None = None  #: of HTTP, instead of an answer
    refuses: str | None = None  #: why no order is taken
    silent: bool = False  #: it calls nobody back


class Refusal(Exception):
    """What it will not do, in its own words."""

    def __init__(self, code: int, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


class Carrier(ABC):
    """One carrier, for one merchant."""

    way: ClassVar[tuple[int, ...]]  #: from the search for a courier to the door, in its words
    cancelled: ClassVar[int]
    searching: ClassVar[tuple[int, ...]]  #: words for which nobody has it yet: cancelling costs nothing
    unknown: ClassVar[int]  #: its code for an order that it does not know
    rider: ClassVar[Rider]

    def __init__(self, secret: str, shops: Mapping[str, GeoPoint], calling: Calling = over_the_network) -> None:
        self.secret = secret  #: by which both sides sign
        self.shops = dict(shops)  #: by their number here, on Chinese maps; any other is where the first is
        self.calling = calling
        self.callback: str | None = None  #: where the merchant wants to be told, if no order says so
        self.orders: dict[str, Order] = {}
        self.seen = clock.now()  #: when the clock was looked at last
        self.misbehaviour = Misbehaviour()
        self.asked: list[tuple[str, Any]] = []  #: what was asked well
        self.refused: list[str] = []  #: why requests were turned away
        self.before: Callable[[], Awaitable[None]] = _at_once  #: what happens before it answers
        self.application = FastAPI(openapi_url=None)
        for path, answer in self.answers().items():
            self.application.post(path)(self._serving(path, answer))

    @abstractmethod
    def answers(self) -> Mapping[str, Answer]:
        """What answers at which path."""

    @abstractmethod
    def read(self, body: bytes, query: Mapping[str, str]) -> Any:
        """What is asked, where it was signed well; else Refusal."""

    @abstractmethod
    def answered(self, result: Any) -> dict[str, Any]:
        """An answer as it is sent."""

    @abstractmethod
    def declined(self, refusal: Refusal) -> dict[str, Any]:
        """A refusal as it is sent."""

    @abstractmethod
    def telling(self, order: Order, more: Mapping[str, Any]) -> tuple[bytes, Mapping[str, str]]:
        """How a shop is told of an order: the body, and what stands in the address behind the question mark."""

    @abstractmethod
    def is_heard(self, answer: httpx.Response) -> bool:
        """Whether a shop says that it has heard."""

    # what merchants ask

    def take(self, key: str, shop: str, receiver: GeoPoint, wanted: Mapping[str, Any]) -> Order:
        """A new order."""
        if self.misbehaviour.refuses:
            raise Refusal(2155, self.misbehaviour.refuses)
        if key in self.orders:
            raise Refusal(2105, "the order is there already")
        number = str(300_000_000 + len(self.orders))
        order = self.orders[key] = Order(key, number, self._shop(shop), receiver, self.way[0], wanted)
        return order

    def price(self, shop: str, receiver: GeoPoint) -> tuple[int, int]:
        """Fee and distance."""
        order = Order("", "", self._shop(shop), receiver, 0, {})
        return fee_of(order.distance), round(order.distance)

    def find(self, key: object) -> Order:
        """The order of that number, if there is one."""
        order = self.orders.get(str(key))
        if order is None:
            raise Refusal(self.unknown, "there is no such order")
        return order

    def withdrawal_fee(self, order: Order) -> int:
        """What it costs to cancel, while that can be done."""
        if order.status in (*self.way[-2:], self.cancelled):
            raise Refusal(2060, "it cannot be cancelled any more")
        return 0 if order.status in self.searching else PENALTY

    def withdraw(self, order: Order) -> int:
        """Cancel it."""
        order.deducted = self.withdrawal_fee(order)
        order.status = self.cancelled
        return order.deducted

    # what it does by itself

    async def become(self, key: str, status: int, **more: Any) -> bool:
        """Have an order stand so, and tell the shop; whether the shop has heard."""
        order = self.orders[key]
        self.stand(order, status)
        return await self.tell(order, **more)

    def stand(self, order: Order, status: int) -> None:
        """Have an order stand so, with a courier from where somebody has accepted it."""
        order.status = status
        if status in self.way[1:] and order.rider is None:
            order.rider = self.rider

    async def ride(self, minutes: float) -> None:
        """Let time pass: steps until the goods are out, then so many metres a minute."""
        for order in list(self.orders.values()):
            left = minutes
            while left > 0 and order.status in (*self.searching, *self.way[:-1]):
                left = await self._go(order, left)

    async def _go(self, order: Order, minutes: float) -> float:
        """A step of one courier's; what is left of the time."""
        step = 0 if order.status in self.searching else self.way.index(order.status)
        if step < len(self.way) - 2:
            return await self._step(order, self.way[step + 1], minutes)
        order.ridden += minutes * SPEED
        if order.ridden >= order.distance:
            await self.become(order.key, self.way[-1])
        return 0

    async def _step(self, order: Order, status: int, minutes: float) -> float:
        lacking = STEP - order.waited
        if minutes < lacking:
            order.waited += minutes
            return 0
        order.waited = 0
        await self.become(order.key, status)
        return minutes - lacking

    async def catch_up(self) -> None:
        """Let so much time pass as has passed by the clock since it was looked at last."""
        now = clock.now()
        minutes, self.seen = (now - self.seen).total_seconds() / 60, now
        await self.ride(minutes)

    async def tell(self, order: Order, **more: Any) -> bool:
        """Call the shop back, a few times where it does not say that it has heard."""
        url = order.callback or self.callback
        if self.misbehaviour.silent or not url:
            return False
        return await self.call(url, *self.telling(order, more))

    async def call(self, url: str, body: bytes, query: Mapping[str, str]) -> bool:
        """Send something, a few times where nobody says that it was heard."""
        async with self.calling() as http:
            for _ in range(RETRIES):
                try:
                    answer = await http.post(
                        url, content=body, params=query or None, headers={"Content-Type": "application/json"}
                    )
                except httpx.HTTPError:
                    continue
                if answer.status_code == httpx.codes.OK and self.is_heard(answer):
                    return True
        return False

    def _shop(self, number: str) -> GeoPoint:
        return self.shops.get(number) or next(iter(self.shops.values()))

    def _serving(self, path: str, answer: Answer) -> Callable[[Request], Awaitable[JSONResponse]]:
        async def serve(request: Request) -> JSONResponse:
            await self.before()
            await asyncio.sleep(self.misbehaviour.seconds)
            if self.misbehaviour.status is not None:
                return JSONResponse({}, self.misbehaviour.status)
            try:
                said = self.read(await request.body(), request.query_params)
                self.asked.append((path, said))
                return JSONResponse(self.answered(await answer(said)))
            except Refusal as refusal:
                self.refused.append(refusal.message)
                return JSONResponse(self.declined(refusal))

        return serve


def demand(said: Mapping[str, Any], *names: str) -> None:
    """Refuse what lacks something."""
    for name in names:
        if not said.get(name):
            raise Refusal(4001, f"{name} is missing")


def heard_as(answer: httpx.Response, wanted: Mapping[str, Any]) -> bool:
    """Whether somebody answers just that."""
    try:
        return bool(orjson.loads(answer.content) == wanted)
    except orjson.JSONDecodeError:
        return False


def seconds() -> int:
    """What time it is, as carriers write it."""
    return int(clock.now().timestamp())
