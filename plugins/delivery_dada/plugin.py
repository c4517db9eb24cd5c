"""Dada, as one who delivers among others."""

from core.callbacks import CallbackRoute
from core.deliveries import DeliveryProvider
from core.events import Outside, Subscription
from core.extensions import Plugin, Settings
from core.hooks import hookimpl
from plugins.delivery_dada import hearing
from plugins.delivery_dada.events import DeliveryDadaRiderAsks, DeliveryDadaTold
from plugins.delivery_dada.provider import ROUTE, Dada
from plugins.delivery_dada.settings import DeliveryDadaSettings

PLUGIN = Plugin(
    name="delivery_dada",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    summary="Dada's couriers bring orders: quoted, called, tipped, cancelled and followed.",
)


@hookimpl
def register_settings() -> type[Settings]:
    return DeliveryDadaSettings


@hookimpl
def delivery_provider() -> DeliveryProvider:
    return Dada()


@hookimpl
def register_callbacks() -> list[CallbackRoute]:
    return [CallbackRoute(ROUTE, hearing.hear)]


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [Outside(DeliveryDadaTold, hearing.look), Outside(DeliveryDadaRiderAsks, hearing.answer_rider)]
