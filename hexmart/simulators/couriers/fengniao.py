"""Fengniao on this machine (open platform, version 3)."""

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

HEARD = {"result": "OK"}
SIGNED = ["access_token", "app_id", "business_data", "merchant_id", "timestamp", "version"]


class Fengniao(Carrier):
    """One merchant's Fengniao, who has authorised one app."""

    way = (1, 20, 80, 2, 3)
    cancelled = 4
    searching = (0, 1)
    rider = Rider("蜂小骑", "13800138001")
    unknown = 404

    def __init__(
        self,
        app_id: str,
        secret: str,
        merchant_id: str,
        access_token: str,
        shops: Mapping[str, GeoPoint],
        calling: Calling = over_the_network,
    ) -> None:
        self.app_id, self.merchant_id, self.access_token = app_id, merchant_id, access_token
        self.tipped: set[int] = set()  #: tips that are known, by their numbers
        super().__init__(secret, shops, calling)

    def answers(self) -> Mapping[str, Answer]:
        """What a shop needs."""
        methods: Mapping[str, Answer] = {
            "preCreateOrder": self._quote,
            "createOrder": self._create,
            "addTip": self._tip,
            "getOrderDetail": self._detail,
            "getKnightInfo": self._knight,
            "preCancelOrder": self._price_of_cancelling,
            "cancelOrder": self._cancel,
        }
        return {f"/v3/invoke/{name}": answer for name, answer in methods.items()}

    def read(self, body: bytes, query: Mapping[str, str]) -> Any:  # noqa: ARG002 - it is all in the body
        """Everything but the signature is signed, behind the secret."""
        said = orjson.loads(body)
        if sorted(set(said) - {"signature"}) != SIGNED:
            raise Refusal(400, "the parameters are others")
        if self.sign({name: said[name] for name in SIGNED}) != said["signature"]:
            raise Refusal(401, "the signature is wrong")
        known = (self.app_id, self.merchant_id, self.access_token)
        if (said["app_id"], said["merchant_id"], said["access_token"]) != known:
            raise Refusal(403, "nobody has authorised that")
        return orjson.loads(said["business_data"])

    def sign(self, said: Mapping[str, str]) -> str:
        """The sum of names and values, behind the secret."""
        text = "&".join(f"{name}={said[name]}" for name in sorted(said))
        return hashlib.sha256((self.secret + text).encode()).hexdigest()

    def answered(self, result: Any) -> dict[str, Any]:
        """What is said is a text within it."""
        return {"sign": "", "code": "200", "msg": "success", "business_data": orjson.dumps(result).decode()}

    def declined(self, refusal: Refusal) -> dict[str, Any]:
        """The code is a text."""
        return {"sign": "", "code": str(refusal.code), "msg": refusal.message, "business_data": None}

    async def _quote(self, body: Any) -> Any:
        fee, distance = self.price(_shop(body), _receiver(body))
        best = {"service_goods_id": 7, "base_goods_id": 70, "is_valid": 1, "can_add_tip": 1}
        dear = best | {"service_goods_id": 8, "total_delivery_amount_cent": fee + 300}
        shut = best | {"service_goods_id": 9, "is_valid": 0, "total_delivery_amount_cent": 1}
        goods = [shut, dear, best | {"total_delivery_amount_cent": fee}]
        return {"distance": distance, "city_id": 1, "time": seconds() * 1000, "goods_infos": goods}

    async def _create(self, body: Any) -> Any:
        demand(body, "partner_order_code", "order_type", "receiver_address", "receiver_name", "receiver_primary_phone")
        demand(body, "goods_total_amount_cent", "goods_weight", "goods_count", "goods_item_list")
        order = self.take(body["partner_order_code"], _shop(body), _receiver(body), body)
        return {"order_id": int(order.number)}

    async def _tip(self, body: Any) -> Any:
        order = self._order(body)
        if order.status not in self.searching:
            raise Refusal(2076, "no more can be given")
        if body["third_index_id"] not in self.tipped:
            self.tipped.add(body["third_index_id"])
            order.tip += body["add_tip_amount_cent"]
        return {}

    async def _detail(self, body: Any) -> Any:
        order = self._order(body)
        return {
            "order_id": int(order.number),
            "partner_order_code": order.key,
            "order_status": order.status,
            "order_actual_amount_cent": order.fee,
            "order_tip_amount_cent": order.tip,
            "actual_cancel_cost_cent": order.deducted,
            "order_distance": order.distance,
        } | _rider(order)

    async def _knight(self, body: Any) -> Any:
        order = self._order(body)
        place = order.position
        if place is None:
            raise Refusal(405, "nobody rides yet")
        where = {"carrier_driver_latitude": str(place.latitude), "carrier_driver_longitude": str(place.longitude)}
        return _rider(order) | where

    async def _price_of_cancelling(self, body: Any) -> Any:
        return {"actual_cancel_cost_cent": self.withdrawal_fee(self._order(body))}

    async def _cancel(self, body: Any) -> Any:
        order = self._order(body)
        if body["actual_cancel_cost_cent"] != self.withdrawal_fee(order):
            raise Refusal(2061, "it costs something else by now")
        self.withdraw(order)
        return {}

    def _order(self, body: Any) -> Order:
        return self.find(body["partner_order_code"])

    def telling(self, order: Order, more: Mapping[str, Any]) -> tuple[bytes, Mapping[str, str]]:
        """What is said is a text within, signed like a request."""
        moment = seconds() * 1000
        said = {
            "order_id": int(order.number),
            "partner_order_code": order.key,
            "order_status": order.status,
            "push_time": moment,
            "description": "",
            **_rider(order),
            **more,
        }
        return self.signed({"callback_business_type": "orderStatusNotify", "param": said}), {}

    def signed(self, within: Mapping[str, Any]) -> bytes:
        """A callback of anything."""
        said = {
            "app_id": self.app_id,
            "timestamp": str(seconds() * 1000),
            "business_data": orjson.dumps(within).decode(),
        }
        return orjson.dumps(said | {"signature": self.sign(said)})

    def is_heard(self, answer: httpx.Response) -> bool:
        """In two words."""
        return heard_as(answer, HEARD)


def _rider(order: Order) -> dict[str, Any]:
    if order.rider is None:
        return {}
    return {"carrier_driver_name": order.rider.name, "carrier_driver_phone": order.rider.phone}


def _shop(body: Any) -> str:
    return str(body.get("chain_store_id") or body["out_shop_code"])


def _receiver(body: Any) -> GeoPoint:
    return GeoPoint(body["receiver_latitude"], body["receiver_longitude"])
