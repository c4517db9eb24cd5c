"""Asking a provider what becomes of a charge or a refund; asked twice, it acts once."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from core.extensions import Asked, Nonsense, PluginFailed, consult, plugin_of
from core.payments.provider import (
    AnyProvider,
    CanBeAsked,
    CanClose,
    Charge,
    PaymentProvider,
    Refunded,
    RefundOrder,
    SettlesWithin,
    Started,
)
from core.payments.provider import TellsOfRefunds as Tells
from core.work import Work

Answer = TypeVar("Answer")
NOTHING_TO_PAY = Started(captured=True)  # discounts cover it all: no provider need be asked


def provider_of(work: Work, name: str) -> AnyProvider:
    """The provider of that name; it may have been switched off since money was asked of it."""
    provider = work.hooks.payment_providers.get(name)
    if provider is None:
        raise LookupError(f"the payment provider {name} is not enabled")
    return provider


async def ask(work: Work, provider: PaymentProvider, charge: Charge) -> Started:
    """Have a provider begin with a charge; the Work, which is over, says for whom. It may be asked again."""
    if not charge.amount.minor:
        return NOTHING_TO_PAY
    return await _consult(work, provider, lambda: provider.start(charge), Started)


async def look(work: Work, provider: AnyProvider, charge: Charge) -> Started:
    """What became of a charge; who cannot say begins again, which by the charge's id is the same."""
    if isinstance(provider, SettlesWithin):
        return Started(captured=False)  # what is done when it begins has not begun
    if isinstance(provider, CanBeAsked) and charge.amount.minor:
        asked = provider
        return await _consult(work, provider, lambda: asked.query(charge), Started)
    return await ask(work, provider, charge)


async def close(work: Work, provider: AnyProvider, charge: Charge) -> bool | None:
    """Whether no money comes of a charge any more; None where its provider cannot see to that."""
    if not isinstance(provider, CanClose) or not charge.amount.minor:
        return None
    closing = provider
    return await _consult(work, provider, lambda: closing.close(charge), bool)


async def pay_back(work: Work, provider: PaymentProvider, refund: RefundOrder, *, again: bool) -> Refunded:
    """Have a provider pay back; `again` where it has said that it is at it."""
    if again and isinstance(provider, Tells):
        asked = provider
        return await _consult(work, provider, lambda: asked.query_refund(refund), Refunded)
    return await _consult(work, provider, lambda: provider.refund(refund), Refunded)


async def _consult(
    work: Work, provider: AnyProvider, question: Callable[[], Coroutine[Any, Any, object]], kind: type[Answer]
) -> Answer:
    def well_formed(answer: object) -> Answer:
        if not isinstance(answer, kind):
            raise Nonsense(f"{kind.__name__} is wanted")
        return answer

    plugin = plugin_of(type(provider).__module__) or provider.name
    answer = await consult(Asked(work.brand, plugin, "payment_provider"), work.hooks.breakers, question, well_formed)
    if isinstance(answer, PluginFailed):
        raise answer
    return answer
