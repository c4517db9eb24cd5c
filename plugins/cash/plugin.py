"""Cash at the counter, told by whoever takes it."""

from core.extensions import Plugin
from core.hooks import hookimpl
from core.payments.provider import PaymentProvider
from plugins.cash.provider import Cash

PLUGIN = Plugin(
    name="cash",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    summary="Shoppers pay cash at the counter, and staff say that they have it.",
)


@hookimpl
def payment_provider() -> PaymentProvider:
    return Cash()
