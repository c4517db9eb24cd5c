"""Couriers of the shop's own, as one who delivers among others."""

from types import ModuleType

from core.books import Invariant
from core.deliveries import DeliveryProvider, ShipmentChanged
from core.events import Subscription, Within
from core.extensions import Plugin, Settings
from core.hooks import hookimpl
from plugins.delivery_own import errands
from plugins.delivery_own.invariants import INVARIANTS
from plugins.delivery_own.provider import OwnCouriers
from plugins.delivery_own.schema import couriers
from plugins.delivery_own.settings import DeliveryOwnSettings

PLUGIN = Plugin(
    name="delivery_own",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    core_revision="0029",
    summary="Couriers of the shop's own take deliveries on, pass them on and say where they are.",
)


@hookimpl
def register_settings() -> type[Settings]:
    return DeliveryOwnSettings


@hookimpl
def delivery_provider() -> DeliveryProvider:
    return OwnCouriers()


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [Within(ShipmentChanged, errands.follow)]


@hookimpl
def register_graphql() -> list[ModuleType]:
    return [couriers]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS
