"""A payment provider for demos and tests: what is asked is done at once, and asked twice it is done once."""

from core.extensions import Plugin
from core.hooks import hookimpl
from core.payments.provider import PaymentProvider
from plugins.sandbox.provider import SandboxProvider

PLUGIN = Plugin(
    name="sandbox",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    summary="A payment provider for demos and tests that moves no money.",
)


@hookimpl
def payment_provider() -> PaymentProvider:
    return SandboxProvider()
