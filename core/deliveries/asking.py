"""Asking a delivery provider: outside of any transaction, within a time, and through the breaker of its plugin."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from core.deliveries.provider import (
    Cancellation,
    Cancelled,
    Created,
    DeliveryProvider,
    Known,
    Parcel,
    Quote,
    Refused,
    Report,
    ShipmentOrder,
    Site,
    Tip,
    Tipped,
)
from core.extensions import Asked, Breakers, Nonsense, PluginFailed, consult, plugin_of
from core.identity.openid import NetworkRules
from core.work import Work

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Line:
    """A provider, and the brand that it is asked for: taken from a Work, used when that is over."""

    provider: DeliveryProvider
    site: Site
    breakers: Breakers

    @property
    def plugin(self) -> str:
        """Who has brought it."""
        return plugin_of(type(self.provider).__module__) or self.provider.name

    async def quote(self, parcel: Parcel) -> Quote | Refused | PluginFailed:
        """What it would take."""
        return await self._ask(lambda: self.provider.quote(self.site, parcel), (Quote, Refused))

    async def create(self, order: ShipmentOrder) -> Created | Refused | PluginFailed:
        """Have it carried; of one that fails nobody knows whether it will."""
        return await self._ask(lambda: self.provider.create(self.site, order), (Created, Refused))

    async def tip(self, tip: Tip) -> Tipped:
        """Offer its couriers more; one that fails may be asked again."""
        return _or_raise(await self._ask(lambda: self.provider.tip(self.site, tip), (Tipped,)))

    async def cancel(self, wish: Cancellation) -> Cancelled:
        """Have it not carried; one that fails may be asked again."""
        return _or_raise(await self._ask(lambda: self.provider.cancel(self.site, wish), (Cancelled,)))

    async def query(self, shipment: Known) -> Report | None:
        """How it stands, where the provider can say."""
        answer: Report | PluginFailed | None = await self._ask(
            lambda: self.provider.query(self.site, shipment), (Report, type(None))
        )
        return None if isinstance(answer, PluginFailed) else answer

    async def _ask(
        self, answer: Callable[[], Coroutine[Any, Any, Answer]], kinds: tuple[type, ...]
    ) -> Answer | PluginFailed:
        def check(given: object) -> Answer:
            if not isinstance(given, kinds):
                raise Nonsense(f"one of {[kind.__name__ for kind in kinds]} is wanted")
            return given  # type: ignore[return-value]  # which was just looked at

        return await consult(Asked(self.site.brand, self.plugin, "delivery_provider"), self.breakers, answer, check)


def line(work: Work, name: str) -> Line | None:
    """The way to a provider of the brand's."""
    provider = work.hooks.delivery_providers.get(name)
    site = Site(work.brand, work.rules(NetworkRules).loopback_providers)
    return Line(provider, site, work.hooks.breakers) if provider is not None else None


def line_or_raise(work: Work, name: str) -> Line:
    """The same from the outbox, where a provider that is off is asked once it is on again."""
    found = line(work, name)
    if found is None:
        raise LookupError(f"the delivery provider {name} is not enabled")
    return found


def _or_raise(answer: Answer | PluginFailed) -> Answer:
    if isinstance(answer, PluginFailed):
        raise answer
    return answer
