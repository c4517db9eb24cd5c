"""Asking a provider what becomes of a charge; asked twice, it acts once."""

from core.extensions import Asked, Nonsense, PluginFailed, consult, plugin_of
from core.payments.provider import Charge, PaymentProvider, Started
from core.work import Work

_NOTHING_TO_PAY = Started(captured=True)  # discounts cover it all: no provider need be asked


async def ask(work: Work, provider: PaymentProvider, charge: Charge) -> Started:
    """What a provider answers; the Work, which is over, says for whom. One that fails may be asked again."""
    if not charge.amount.minor:
        return _NOTHING_TO_PAY
    plugin = plugin_of(type(provider).__module__) or provider.name
    asked = Asked(work.brand, plugin, "payment_provider")
    started = await consult(asked, work.hooks.breakers, lambda: provider.start(charge), _well_formed)
    if isinstance(started, PluginFailed):
        raise started
    return started


def _well_formed(answer: object) -> Started:
    if not isinstance(answer, Started):
        raise Nonsense("Started is wanted")
    return answer
