"""SF Tongcheng, as one who delivers among others."""

from core.callbacks import CallbackRoute
from core.deliveries import DeliveryProvider
from core.extensions import Plugin, Settings
from core.hooks import hookimpl
from plugins.delivery_sf import hearing
from plugins.delivery_sf.provider import ROUTE, Sf
from plugins.delivery_sf.settings import DeliverySfSettings

PLUGIN = Plugin(
    name="delivery_sf",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    summary="SF Tongcheng's couriers bring orders: quoted, called, tipped, cancelled and followed.",
)


@hookimpl
def register_settings() -> type[Settings]:
    return DeliverySfSettings


@hookimpl
def delivery_provider() -> DeliveryProvider:
    return Sf()


@hookimpl
def register_callbacks() -> list[CallbackRoute]:
    return [CallbackRoute(ROUTE, hearing.hear)]
