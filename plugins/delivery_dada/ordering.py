"""An order as Dada wants to be told of it."""

from typing import Any

from core.deliveries import Item, Parcel, Unfit, doorstep_of
from plugins.delivery_dada.settings import DeliveryDadaSettings

CURRENCY = "CNY"
_DELAY_MINUTES = 30  #: before the wished time, an order for later is shown to couriers


def order_of(said: DeliveryDadaSettings, parcel: Parcel, origin_id: str, *, callback: str | None) -> dict[str, Any]:
    """The parameters of addOrder; of queryDeliverFee they are the same."""
    if not said.complete:
        raise Unfit("The plugin's settings lack app_key, app_secret or source_id.")
    shop = said.shops.get(parcel.sender.code) or said.shop_no
    if shop is None:
        raise Unfit(f"No shop of Dada's is the store {parcel.sender.code}.")
    door = doorstep_of(parcel)
    return {
        "shop_no": shop,
        "origin_id": origin_id,
        "cargo_price": float(parcel.worth.amount),
        "cargo_type": said.cargo_type,
        "cargo_num": len(parcel.items),
        "cargo_weight": round(max(parcel.grams, 10) / 1000, 2),
        "is_prepay": 0,
        "is_use_insurance": 0,
        "is_finish_code_needed": 0,
        "receiver_name": door.name,
        "receiver_phone": door.phone,
        "receiver_address": door.address,
        "receiver_lat": door.latitude,
        "receiver_lng": door.longitude,
        "callback": callback or "",
        "info": parcel.note or "",
        "origin_mark_no": parcel.number,
        "product_list": [_product(item) for item in parcel.items],
    } | _later(parcel)


def _product(item: Item) -> dict[str, Any]:
    return {"sku_name": item.name, "src_product_no": item.sku, "count": item.quantity, "unit": item.unit}


def _later(parcel: Parcel) -> dict[str, Any]:
    """When couriers are to see it, where the buyer wants it later."""
    if parcel.wanted_at is None:
        return {}
    return {"delay_publish_time": int(parcel.wanted_at.timestamp()) - 60 * _DELAY_MINUTES}
