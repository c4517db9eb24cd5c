"""Gift wrapping: everything that Hexmart asks of this plugin, and where the answer is."""

from collections.abc import Sequence
from datetime import timedelta
from types import ModuleType

from core.events import Outside, Subscription, Within
from core.extensions import Plugin, Settings
from core.hooks import hookimpl
from core.jobs import Job
from core.orders import OrderPaid
from core.permission import Permission
from core.pricing import Adjustment, Basket
from core.rules import Rules
from core.work import Work
from gift_wrap import pricing, printing, schema, service
from gift_wrap.events import CardsListed
from gift_wrap.permissions import MANAGE
from gift_wrap.rules import GiftWrapRules
from gift_wrap.settings import GiftWrapSettings

PLUGIN = Plugin(
    name="gift_wrap",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    summary="Wraps lines of a cart as gifts, with a paper and a card, for a fee.",
    core_revision="0011",
)


@hookimpl
def register_permissions() -> list[Permission]:
    return [MANAGE]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [GiftWrapRules]


@hookimpl
def register_settings() -> type[Settings]:
    return GiftWrapSettings


@hookimpl
def register_graphql() -> list[ModuleType]:
    return [schema]


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [Within(OrderPaid, printing.list_cards), Outside(CardsListed, printing.print_cards)]


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("gift_wrap.forget_cards", timedelta(hours=1), service.forget_cards)]


@hookimpl
async def adjust_prices(work: Work, baskets: Sequence[Basket]) -> list[list[Adjustment]]:
    return await pricing.fees(work, baskets)
