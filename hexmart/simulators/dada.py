"""Dada on this machine: it speaks the protocol, checks signatures, keeps orders, and has couriers who ride."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from core import clock
from core.deliveries import ride_minutes
from core.stores import GeoPoint

BASE_FEE, PER_KILOMETRE = 6.0, 1.2  #: yuan
PENALTY = 2.0  #: yuan, for what is cancelled after somebody has accepted it
WAY = (1, 2, 100, 3, 4)
SPEED = 250  #: metres a minute
RETRIES = 3
RIDER = {"dm_id": 666, "dm_name": "达小骑", "dm_mobile": "13800138000"}


async def _at_once() -> None:
    return None


def _over_the_network() -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False, timeout=5)


@dataclass
class Order:
    """An order as Dada keeps it."""

    origin_id: str
    number: str
    shop: GeoPoint
    receiver: GeoPoint
    fee: float
    distance: float
    callback: str
    wanted: Mapping[str, Any]
    status: int = 1
    tips: float = 0.0
    deducted: float = 0.0
    rider: Mapping[str, Any] = field(default_factory=dict)
    ridden: float = 0.0  #: metres since the shop

    @property
    def position(self) -> GeoPoint | None:
        """Where the courier is: on a straight line, for this one flies."""
        if self.status not in (2, 100, 3, 4):
            return None
        share = min(1.0, self.ridden / self.distance) if self.distance else 1.0
        north = (self.receiver.latitude - self.shop.latitude) * share
        east = (self.receiver.longitude - self.shop.longitude) * share
        return GeoPoint(self.shop.latitude + north, self.shop.longitude + east)


@dataclass
class Misbehaviour:
    """What it does that it should not; nothing, unless told."""

    seconds: float = 0.0  #: that every answer takes
    status: int | None = None  #: of HTTP, instead of an answer
    refuses: str | None = None  #: why no order is taken
    silent: bool = False  #: it calls nobody back


class DadaSimulator:
    """One merchant's Dada."""

    def __init__(
        self,
        app_key: str,
        app_secret: str,
        source_id: str,
        shops: Mapping[str, GeoPoint],
        calling: Callable[[], httpx.AsyncClient] = _over_the_network,
    ) -> None:
        self.app_key, self.app_secret, self.source_id = app_key, app_secret, source_id
        self.calling = calling  #: by what it reaches whoever is to be told
        self.shops = shops  #: by shop_no, on Chinese maps; any other is where the first is
        self.orders: dict[str, Order] = {}
        self.misbehaviour = Misbehaviour()
        self.asked: list[tuple[str, Any]] = []  #: path and body of each request that was signed well
        self.refused: list[str] = []  #: why requests were turned away
        self.let_go: list[Any] = []  #: what shops have said to couriers who want to be let go
        self.before: Callable[[], Awaitable[None]] = _at_once  #: what happens before it answers
        self.application = self._routes()

    # what merchants ask

    def _routes(self) -> FastAPI:
        app = FastAPI(openapi_url=None)
        for path, answer in self._answers().items():
            app.post(path)(self._signed(path, answer))
        return app

    def _answers(self) -> Mapping[str, Callable[[Any], Awaitable[Any]]]:
        return {
            "/api/order/queryDeliverFee": self._quote,
            "/api/order/addOrder": self._add,
            "/api/order/addTip": self._tip,
            "/api/order/status/query": self._status,
            "/api/order/formalCancel": self._cancel,
            "/api/message/confirm": self._confirm,
        }

    def _signed(
        self, path: str, answer: Callable[[Any], Awaitable[Any]]
    ) -> Callable[[Request], Awaitable[JSONResponse]]:
        async def serve(request: Request) -> JSONResponse:
            await self.before()
            await asyncio.sleep(self.misbehaviour.seconds)
            if self.misbehaviour.status is not None:
                return JSONResponse({}, self.misbehaviour.status)
            said = orjson.loads(await request.body())
            try:
                self._check(said)
                body = orjson.loads(said["body"]) if said["body"] else None
                self.asked.append((path, body))
                result = await answer(body)
            except _Refusal as refusal:
                self.refused.append(refusal.message)
                return JSONResponse(_failed(refusal))
            return JSONResponse({"status": "success", "code": 0, "msg": "成功", "result": result, "errorCode": 0})

        serve.__annotations__ = {"request": Request, "return": JSONResponse}  # FastAPI reads them
        return serve

    def _check(self, said: Mapping[str, Any]) -> None:
        """Everything but the signature is signed, by a secret that stands before and behind it."""
        names = sorted(set(said) - {"signature"})
        if names != ["app_key", "body", "format", "source_id", "timestamp", "v"]:
            raise _Refusal(2001, "the parameters are others")
        text = "".join(name + str(said[name]) for name in names)
        signed = hashlib.md5((self.app_secret + text + self.app_secret).encode(), usedforsecurity=False).hexdigest()
        if signed.upper() != said["signature"]:
            raise _Refusal(2003, "the signature is wrong")
        if (said["app_key"], said["source_id"]) != (self.app_key, self.source_id):
            raise _Refusal(2012, "nobody of that name")

    async def _quote(self, body: Any) -> Any:
        fee, distance = self._price(body)
        return {"distance": distance, "deliveryNo": f"D{body['origin_id'][:40]}", "fee": fee, "deliverFee": fee}

    async def _add(self, body: Any) -> Any:
        if self.misbehaviour.refuses:
            raise _Refusal(2155, self.misbehaviour.refuses)
        known = self.orders.get(body["origin_id"])
        if known is not None:
            raise _Refusal(2105, "the order is there already")
        for name in ("shop_no", "cargo_price", "receiver_name", "receiver_address", "receiver_phone", "cargo_weight"):
            if not body.get(name):
                raise _Refusal(2005, f"{name} is missing")
        fee, distance = self._price(body)
        self.orders[body["origin_id"]] = Order(
            origin_id=body["origin_id"],
            number=str(300_000_000 + len(self.orders)),
            shop=self._shop(body),
            receiver=_receiver(body),
            fee=fee,
            distance=distance,
            callback=body["callback"],
            wanted=body,
        )
        return {"distance": distance, "fee": fee, "deliverFee": fee, "tips": 0.0}

    async def _tip(self, body: Any) -> Any:
        order = self._order(body)
        if order.status != 1 or body["tips"] <= order.tips:
            raise _Refusal(2076, "no more can be given")
        order.tips = body["tips"]
        return None

    async def _status(self, body: Any) -> Any:
        order = self._order(body)
        position = order.position
        return {
            "orderId": order.origin_id,
            "statusCode": order.status,
            "statusMsg": str(order.status),
            "transporterName": order.rider.get("dm_name", ""),
            "transporterPhone": order.rider.get("dm_mobile", ""),
            "transporterLat": str(position.latitude) if position else "",
            "transporterLng": str(position.longitude) if position else "",
            "deliveryFee": order.fee,
            "tips": order.tips,
            "distance": order.distance,
            "deductFee": order.deducted,
        }

    async def _cancel(self, body: Any) -> Any:
        order = self._order(body)
        if order.status not in (1, 2, 8, 100):
            raise _Refusal(2060, "it cannot be cancelled any more")
        order.deducted = 0.0 if order.status in (1, 8) else PENALTY
        order.status = 5
        return {"deduct_fee": order.deducted}

    async def _confirm(self, body: Any) -> Any:
        self.let_go.append(body)
        return None

    # what it does by itself

    async def become(self, origin_id: str, status: int, **more: Any) -> bool:
        """Have an order stand so, and tell the shop; whether the shop has heard."""
        order = self.orders[origin_id]
        order.status = status
        if status in (2, 100, 3, 4) and not order.rider:
            order.rider = RIDER
        return await self.tell(order, **more)

    async def ride(self, minutes: float) -> None:
        """Let time pass for couriers: each order goes on by a step, those on their way by some metres."""
        for order in list(self.orders.values()):
            if order.status == 3 and order.ridden < order.distance:
                order.ridden = min(order.distance, order.ridden + minutes * SPEED)
            elif order.status in WAY[:-1]:
                await self.become(order.origin_id, WAY[WAY.index(order.status) + 1])

    async def tell(self, order: Order, **more: Any) -> bool:
        """Call the shop back, as often as Dada does where it does not say that it is well."""
        if self.misbehaviour.silent or not order.callback:
            return False
        moment = int(clock.now().timestamp())
        said = {
            "client_id": order.number,
            "order_id": order.origin_id,
            "order_status": order.status,
            "cancel_from": 0,
            "cancel_reason": "",
            "repeat_reason_type": 0,
            "update_time": moment * 1000 if order.status == 1000 else moment,
            **order.rider,
            **more,
        }
        values = sorted((said["client_id"], said["order_id"], str(said["update_time"])))
        signed = hashlib.md5("".join(values).encode(), usedforsecurity=False).hexdigest()
        return await self.call(order.callback, {"signature": signed} | said)

    async def ask_to_be_let_go(self, origin_id: str, reason: str) -> bool:
        """A courier who has accepted would rather not."""
        order = self.orders[origin_id]
        body = {"orderId": origin_id, "dadaOrderId": order.number, "cancelReason": reason}
        return await self.call(order.callback, {"messageType": 1, "messageBody": orjson.dumps(body).decode()})

    async def call(self, url: str, said: Mapping[str, Any]) -> bool:
        """Send it, a few times where nobody says that it was heard."""
        async with self.calling() as http:
            for _ in range(RETRIES):
                try:
                    answer = await http.post(url, json=said)
                except httpx.HTTPError:
                    continue
                if answer.status_code == httpx.codes.OK and answer.json() == {"status": "ok"}:
                    return True
        return False

    def _order(self, body: Any) -> Order:
        order = self.orders.get(body["order_id"])
        if order is None:
            raise _Refusal(2005, "there is no such order")
        return order

    def _shop(self, body: Any) -> GeoPoint:
        return self.shops.get(body["shop_no"]) or next(iter(self.shops.values()))

    def _price(self, body: Any) -> tuple[float, float]:
        minutes = ride_minutes(self._shop(body), _receiver(body))
        distance = float(minutes * SPEED)
        return round(BASE_FEE + PER_KILOMETRE * distance / 1000, 2), distance


class _Refusal(Exception):
    def __init__(self, code: int, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


def _failed(refusal: _Refusal) -> dict[str, Any]:
    return {"status": "fail", "code": refusal.code, "msg": refusal.message, "errorCode": refusal.code}


def _receiver(body: Any) -> GeoPoint:
    return GeoPoint(float(body["receiver_lat"]), float(body["receiver_lng"]))
