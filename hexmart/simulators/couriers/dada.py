"""Dada on this machine (newopen.imdada.cn, version 1.0)."""

import hashlib
from collections.abc import Mapping
from typing import Any

import httpx
import orjson

from core.stores import GeoPoint
from hexmart.simulators.couriers.carrier import (
    Answer,
    Calling,
    Carrier,
    Refusal,
    demand,
    heard_as,
    over_the_network,
    seconds,
)
from hexmart.simulators.couriers.orders import Order, Rider

HEARD = {"status": "ok"}
NEVER_CAME_TO_BE = 1000


class Dada(Carrier):
    """One merchant's Dada."""

    way = (1, 2, 100, 3, 4)
    cancelled = 5
    searching = (1, 8)
    rider = Rider("达小骑", "13800138000")
    unknown = 2005

    def __init__(
        self,
        app_key: str,
        secret: str,
        source_id: str,
        shops: Mapping[str, GeoPoint],
        calling: Calling = over_the_network,
    ) -> None:
        self.app_key, self.source_id = app_key, source_id
        self.let_go: list[Any] = []  #: what shops have said to couriers who want to be let go
        super().__init__(secret, shops, calling)

    def answers(self) -> Mapping[str, Answer]:
        """What a shop needs."""
        return {
            "/api/order/queryDeliverFee": self._quote,
            "/api/order/addOrder": self._add,
            "/api/order/addTip": self._tip,
            "/api/order/status/query": self._status,
            "/api/order/formalCancel": self._cancel,
            "/api/message/confirm": self._confirm,
        }

    def read(self, body: bytes, query: Mapping[str, str]) -> Any:  # noqa: ARG002 - it is all in the body
        """Everything but the signature is signed, by a secret that stands before and behind it."""
        said = orjson.loads(body)
        names = sorted(set(said) - {"signature"})
        if names != ["app_key", "body", "format", "source_id", "timestamp", "v"]:
            raise Refusal(2001, "the parameters are others")
        text = "".join(name + str(said[name]) for name in names)
        if _md5(self.secret + text + self.secret).upper() != said["signature"]:
            raise Refusal(2003, "the signature is wrong")
        if (said["app_key"], said["source_id"]) != (self.app_key, self.source_id):
            raise Refusal(2012, "nobody of that name")
        return orjson.loads(said["body"]) if said["body"] else None

    def answered(self, result: Any) -> dict[str, Any]:
        """Said thrice that it is well."""
        return {"status": "success", "code": 0, "msg": "成功", "result": result, "errorCode": 0}

    def declined(self, refusal: Refusal) -> dict[str, Any]:
        """And that it is not."""
        return {"status": "fail", "code": refusal.code, "msg": refusal.message, "errorCode": refusal.code}

    async def _quote(self, body: Any) -> Any:
        fee, distance = self.price(body["shop_no"], _receiver(body))
        return {"distance": distance, "deliveryNo": f"D{body['origin_id'][:40]}"} | _fee(fee)

    async def _add(self, body: Any) -> Any:
        demand(body, "shop_no", "cargo_price", "receiver_name", "receiver_address", "receiver_phone", "cargo_weight")
        order = self.take(body["origin_id"], body["shop_no"], _receiver(body), body)
        order.callback = body["callback"] or None
        return {"distance": order.distance, "tips": 0.0} | _fee(order.fee)

    async def _tip(self, body: Any) -> Any:
        order, tip = self.find(body["order_id"]), round(body["tips"] * 100)
        if order.status != self.way[0] or tip <= order.tip:
            raise Refusal(2076, "no more can be given")
        order.tip = tip

    async def _status(self, body: Any) -> Any:
        order = self.find(body["order_id"])
        rider, place = order.rider, order.position
        return {
            "orderId": order.key,
            "statusCode": order.status,
            "statusMsg": str(order.status),
            "transporterName": rider.name if rider else "",
            "transporterPhone": rider.phone if rider else "",
            "transporterLat": str(place.latitude) if place else "",
            "transporterLng": str(place.longitude) if place else "",
            "deliveryFee": order.fee / 100,
            "tips": order.tip / 100,
            "distance": order.distance,
            "deductFee": order.deducted / 100,
        }

    async def _cancel(self, body: Any) -> Any:
        return {"deduct_fee": self.withdraw(self.find(body["order_id"])) / 100}

    async def _confirm(self, body: Any) -> Any:
        self.let_go.append(body)

    def telling(self, order: Order, more: Mapping[str, Any]) -> tuple[bytes, Mapping[str, str]]:
        """With a checksum of three values, in which there is no secret."""
        moment = seconds()
        said = {
            "client_id": order.number,
            "order_id": order.key,
            "order_status": order.status,
            "cancel_from": 0,
            "cancel_reason": "",
            "repeat_reason_type": 0,
            "update_time": moment * 1000 if order.status == NEVER_CAME_TO_BE else moment,
            **_rider(order),
            **more,
        }
        values = sorted((said["client_id"], said["order_id"], str(said["update_time"])))
        return orjson.dumps({"signature": _md5("".join(values))} | said), {}

    def is_heard(self, answer: httpx.Response) -> bool:
        """In two words."""
        return heard_as(answer, HEARD)

    async def ask_to_be_let_go(self, origin_id: str, reason: str) -> bool:
        """A courier who has accepted would rather not."""
        order = self.orders[origin_id]
        body = {"orderId": origin_id, "dadaOrderId": order.number, "cancelReason": reason}
        said = orjson.dumps({"messageType": 1, "messageBody": orjson.dumps(body).decode()})
        return await self.call(order.callback or "", said, {})


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _fee(fee: int) -> dict[str, float]:
    return {"fee": fee / 100, "deliverFee": fee / 100}


def _rider(order: Order) -> dict[str, Any]:
    if order.rider is None:
        return {}
    return {"dm_id": order.rider.number, "dm_name": order.rider.name, "dm_mobile": order.rider.phone}


def _receiver(body: Any) -> GeoPoint:
    return GeoPoint(float(body["receiver_lat"]), float(body["receiver_lng"]))
