"""The provider: its references are made of the ids it is asked with, so a repeated request has the same answer."""

from core.payments.provider import Charge, Refunded, RefundOrder, Started


class SandboxProvider:
    """Captures every charge and pays out every refund, without a network."""

    name = "sandbox"

    async def start(self, charge: Charge) -> Started:
        """Capture at once."""
        return Started(captured=True, reference=f"sandbox-{charge.payment_id}")

    async def refund(self, refund: RefundOrder) -> Refunded:
        """Pay out at once."""
        return Refunded(succeeded=True, reference=f"sandbox-{refund.refund_id}")
