"""The provider: it asks nobody, since the money lies in a drawer."""

from core.payments.provider import Charge, Refunded, RefundOrder, Started


class Cash:
    """Captures what staff say that they have taken; what a shopper begins waits for them."""

    name = "cash"

    async def start(self, charge: Charge) -> Started:
        """Staff have the money; a shopper has it still."""
        if not charge.at_counter:
            return Started(captured=False)
        return Started(captured=True, reference=f"cash-{charge.payment_id}", amount=charge.amount)

    async def query(self, _charge: Charge) -> Started:
        """Nobody has said anything: who takes the money begins a payment of their own."""
        return Started(captured=False)

    async def close(self, _charge: Charge) -> bool:
        """A shopper who has given nothing yet gives nothing any more."""
        return True

    async def refund(self, refund: RefundOrder) -> Refunded:
        """It comes out of the drawer again: whoever pays back hands it out."""
        return Refunded(succeeded=True, reference=f"cash-{refund.refund_id}")
