"""SF Tongcheng on this machine (openic.sf-express.com, version 1.7)."""

import base64
import hashlib
from collections.abc import Callable, Mapping
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

HEARD = {"error_code": 0, "error_msg": "success"}
KINDS = {17: "order_complete", 2: "sf_cancel"}  #: of events; all others are of the courier's state


class Sf(Carrier):
    """One developer's SF Tongcheng."""

    way = (1, 10, 12, 15, 17)
    cancelled = 2
    searching = (1, 22)
    rider = Rider("顺小骑", "13800138002")
    unknown = 2002

    def __init__(
        self,
        dev_id: int,
        secret: str,
        shops: Mapping[str, GeoPoint],
        calling: Calling = over_the_network,
    ) -> None:
        self.dev_id = dev_id
        self.tipped: set[str] = set()  #: tips that are known, by their numbers
        super().__init__(secret, shops, calling)

    def answers(self) -> Mapping[str, Answer]:
        """What a shop needs."""
        methods: Mapping[str, Answer] = {
            "precreateorder": self._quote,
            "createorder": self._create,
            "addordergratuityfee": self._tip,
            "getorderstatus": self._status,
            "riderlatestposition": self._position,
            "cancelorder": self._cancel,
        }
        return {f"/open/api/external/{name}": answer for name, answer in methods.items()}

    def read(self, body: bytes, query: Mapping[str, str]) -> Any:
        """The body is signed to the byte."""
        if query.get("sign") != self.sign(body):
            raise Refusal(1001, "the sign is wrong")
        said = orjson.loads(body)
        if said.get("dev_id") != self.dev_id:
            raise Refusal(1002, "nobody of that number")
        demand(said, "push_time")
        return said

    def sign(self, body: bytes) -> str:
        """A sum of a sum."""
        text = body + f"&{self.dev_id}&{self.secret}".encode()
        return base64.b64encode(hashlib.md5(text, usedforsecurity=False).hexdigest().encode()).decode()

    def answered(self, result: Any) -> dict[str, Any]:
        """No code is a good one."""
        return {"error_code": 0, "error_msg": "", "error_data": None, "result": result}

    def declined(self, refusal: Refusal) -> dict[str, Any]:
        """In words that are said twice."""
        words = refusal.message
        return {"error_code": refusal.code, "error_msg": words, "error_data": {"desc": words}, "result": None}

    async def _quote(self, body: Any) -> Any:
        demand(body, "shop_id", "user_address", "weight", "product_type")
        place = GeoPoint(float(body["user_lat"]), float(body["user_lng"]))
        fee, distance = self.price(body["shop_id"], place)
        answer = {"promise_delivery_time": 40, "delivery_distance_meter": str(distance), "push_time": seconds()}
        return answer | {"total_price": fee + 100, "real_pay_money": fee}

    async def _create(self, body: Any) -> Any:
        demand(body, "shop_id", "shop_type", "shop_order_id", "order_source", "order_time", "version")
        door, goods = body["receive"], body["order_detail"]
        demand(door, "user_name", "user_phone", "user_address", "city_name")
        demand(goods, "total_price", "product_type", "weight_gram", "product_num", "product_detail")
        place = GeoPoint(float(door["user_lat"]), float(door["user_lng"]))
        order = self.take(body["shop_order_id"], body["shop_id"], place, body)
        bill = {"sf_bill_id": f"B{order.number}", "total_price": order.fee + 100, "real_pay_money": order.fee}
        return _names(order) | bill

    async def _tip(self, body: Any) -> Any:
        order = self._order(body)
        if order.status not in self.searching:
            raise Refusal(2076, "no more can be given")
        if body["serial_number"] not in self.tipped:
            self.tipped.add(body["serial_number"])
            order.tip += body["gratuity_fee"]
        return _names(order) | {"gratuity_fee": body["gratuity_fee"], "total_gratuity_fee": order.tip}

    async def _status(self, body: Any) -> Any:
        order = self._order(body)
        rider = {"rider_name": order.rider.name, "rider_phone": order.rider.phone} if order.rider else {}
        said = {"order_id": int(order.number), "out_order_id": order.key, "order_status": order.status}
        return said | {"status_desc": str(order.status), "push_time": seconds()} | rider

    async def _position(self, body: Any) -> Any:
        order = self._order(body)
        if order.rider is None:
            raise Refusal(2077, "nobody rides yet")
        return _names(order) | _place(order, str) | {"upload_time": str(seconds())}

    async def _cancel(self, body: Any) -> Any:
        order = self._order(body)
        fee = self.withdraw(order)
        return _names(order) | {"deduction_detail": {"deduction_fee": fee, "free_cancel_times": 0}}

    def _order(self, body: Any) -> Order:
        """By the shop's number, for which the shop has to be named."""
        demand(body, "shop_id", "shop_type")
        order = self.find(body["order_id"])
        if body["order_type"] != 2 or order.wanted["shop_id"] != body["shop_id"]:
            raise Refusal(self.unknown, "there is no such order")
        return order

    def telling(self, order: Order, more: Mapping[str, Any]) -> tuple[bytes, Mapping[str, str]]:
        """Signed in the address, as requests are."""
        said = {
            "shop_id": order.wanted["shop_id"],
            "sf_order_id": int(order.number),
            "shop_order_id": order.key,
            "url_index": KINDS.get(order.status, "rider_status"),
            "order_status": order.status,
            "status_desc": str(order.status),
            "push_time": seconds(),
            **_operator(order),
            **_place(order, float),
            **more,
        }
        body = orjson.dumps(said)
        return body, {"sign": self.sign(body)}

    def is_heard(self, answer: httpx.Response) -> bool:
        """In a code and a word."""
        return heard_as(answer, HEARD)


def _names(order: Order) -> dict[str, Any]:
    return {"sf_order_id": order.number, "shop_order_id": order.key, "push_time": seconds()}


def _operator(order: Order) -> dict[str, Any]:
    return {"operator_name": order.rider.name, "operator_phone": order.rider.phone} if order.rider else {}


def _place(order: Order, written: Callable[[float], Any]) -> dict[str, Any]:
    place = order.position
    return {"rider_lat": written(place.latitude), "rider_lng": written(place.longitude)} if place else {}
