"""An order as SF Tongcheng wants to be told of it."""

from typing import Any

from core.deliveries import Item, Known, Parcel, doorstep_of
from plugins.delivery_sf.settings import DeliverySfSettings
from plugins.delivery_sf.wire import VERSION

CURRENCY = "CNY"
OF_SF, OF_OURS = 1, 2  #: whose number something goes by
EVERYTHING = 511  #: what the answer is to say, bit by bit
GAODE = 2  #: whose map places are on
PAID, AT_THE_DOOR = 1, 1
SOURCE = "Hexmart"  #: where the order is from, in words


def shop_of(said: DeliverySfSettings, code: str) -> dict[str, Any]:
    """Which shop it is: by SF's number, or by our code, which it was told."""
    number = said.shops.get(code)
    if number is None:
        return {"shop_id": code, "shop_type": OF_OURS}
    return {"shop_id": number, "shop_type": OF_SF}


def named(said: DeliverySfSettings, shipment: Known) -> dict[str, Any]:
    """A shipment that was asked for: by our id, which SF knows together with the shop's."""
    return {"order_id": str(shipment.shipment_id), "order_type": OF_OURS} | shop_of(said, shipment.store)


def question_of(said: DeliverySfSettings, parcel: Parcel) -> dict[str, Any]:
    """The parameters of precreateorder."""
    door = doorstep_of(parcel)
    return {
        "user_address": door.address,
        "user_lng": str(door.longitude),
        "user_lat": str(door.latitude),
        "city_name": parcel.recipient.city,
        "weight": max(parcel.grams, 10),
        "product_type": said.product_type,
        "total_price": parcel.worth.minor,
    } | _terms(said, parcel)


def order_of(said: DeliverySfSettings, parcel: Parcel, shop_order_id: str) -> dict[str, Any]:
    """The parameters of createorder."""
    door = doorstep_of(parcel)
    return {
        "shop_order_id": shop_order_id,
        "order_source": SOURCE,
        "order_sequence": parcel.number,
        "order_time": int(parcel.placed_at.timestamp()),
        "remark": parcel.note or "",
        "version": VERSION,
        "receive": {
            "user_name": door.name,
            "user_phone": door.phone,
            "user_address": door.address,
            "user_lng": str(door.longitude),
            "user_lat": str(door.latitude),
            "city_name": parcel.recipient.city,
        },
        "order_detail": {
            "total_price": parcel.worth.minor,
            "product_type": said.product_type,
            "weight_gram": max(parcel.grams, 10),
            "product_num": sum(_pieces(item) for item in parcel.items),
            "product_type_num": len(parcel.items),
            "product_detail": [{"product_name": item.name, "product_num": _pieces(item)} for item in parcel.items],
        },
    } | _terms(said, parcel)


def _terms(said: DeliverySfSettings, parcel: Parcel) -> dict[str, Any]:
    """What a question and an order have in common: the shop, and how and when it is carried."""
    terms = {"lbs_type": GAODE, "pay_type": PAID, "is_insured": 0, "is_person_direct": 0, "return_flag": EVERYTHING}
    terms |= shop_of(said, parcel.sender.code)
    if parcel.wanted_at is None:
        return terms | {"is_appoint": 0}
    at = int(parcel.wanted_at.timestamp())
    return terms | {"is_appoint": 1, "appoint_type": AT_THE_DOOR, "expect_time": at}


def _pieces(item: Item) -> int:
    """How many there are to carry; what is weighed is one."""
    return item.quantity if item.unit == "PIECE" else 1
