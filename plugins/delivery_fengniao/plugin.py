"""Fengniao, as one who delivers among others."""

from core.callbacks import CallbackRoute
from core.deliveries import DeliveryProvider
from core.extensions import Plugin, Settings
from core.hooks import hookimpl
from plugins.delivery_fengniao import hearing
from plugins.delivery_fengniao.provider import ROUTE, Fengniao
from plugins.delivery_fengniao.settings import DeliveryFengniaoSettings

PLUGIN = Plugin(
    name="delivery_fengniao",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    summary="Fengniao's couriers bring orders: quoted, called, tipped, cancelled and followed.",
)


@hookimpl
def register_settings() -> type[Settings]:
    return DeliveryFengniaoSettings


@hookimpl
def delivery_provider() -> DeliveryProvider:
    return Fengniao()


@hookimpl
def register_callbacks() -> list[CallbackRoute]:
    return [CallbackRoute(ROUTE, hearing.hear)]
