"""An order as Fengniao wants to be told of it."""

from typing import Any

from core.deliveries import Item, Parcel, doorstep_of
from plugins.delivery_fengniao.settings import DeliveryFengniaoSettings

CURRENCY = "CNY"
AT_ONCE, LATER = 1, 3  #: kinds of orders
GAODE = 3  #: whose map places are on


def order_of(said: DeliveryFengniaoSettings, parcel: Parcel, code: str) -> dict[str, Any]:
    """The parameters of createOrder; of preCreateOrder they are the same."""
    door = doorstep_of(parcel)
    return (
        {
            "partner_order_code": code,
            "position_source": GAODE,
            "receiver_address": door.address,
            "receiver_longitude": door.longitude,
            "receiver_latitude": door.latitude,
            "receiver_name": door.name,
            "receiver_primary_phone": door.phone,
            "goods_total_amount_cent": parcel.worth.minor,
            "goods_actual_amount_cent": parcel.worth.minor,
            "goods_weight": round(max(parcel.grams, 10) / 1000, 2),
            "goods_count": len(parcel.items),
            "goods_item_list": [_item(item) for item in parcel.items],
            "serial_number": parcel.number,
            "order_remark": parcel.note or "",
        }
        | _shop(said, parcel)
        | _when(parcel)
    )


def _shop(said: DeliveryFengniaoSettings, parcel: Parcel) -> dict[str, Any]:
    """Which shop it is: by Fengniao's number, or by our code, which it was told."""
    number = said.shops.get(parcel.sender.code)
    return {"chain_store_id": number} if number is not None else {"out_shop_code": parcel.sender.code}


def _item(item: Item) -> dict[str, Any]:
    """What a line of goods is, by the piece and, weighed, as one."""
    return {
        "item_name": item.name,
        "item_quantity": item.quantity if item.unit == "PIECE" else 1,
        "item_amount_cent": item.amount.minor,
        "item_actual_amount_cent": item.amount.minor,
    }


def _when(parcel: Parcel) -> dict[str, Any]:
    """At once, or when the buyer wants it; in milliseconds [K]."""
    if parcel.wanted_at is None:
        return {"order_type": AT_ONCE}
    return {"order_type": LATER, "require_receive_time": int(parcel.wanted_at.timestamp() * 1000)}
