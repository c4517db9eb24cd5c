"""Stored value as a way to pay: it is spent, and given back, in the transaction that says so."""

from uuid import UUID

from core.payments.provider import Charge, Refunded, RefundOrder, Started
from core.work import Work
from plugins.value import spending
from plugins.value.errors import ValueOfOthers

METHOD = "stored_value"


class StoredValue:
    """The member pays with what the member has; nobody else does, who stands at a counter or holds the order's id."""

    name = METHOD

    async def take(self, work: Work, charge: Charge, member_id: UUID | None) -> Started:
        """Spend it, or say how much there is."""
        if member_id is None or charge.at_counter:
            raise ValueOfOthers(path=("input", "provider"))
        await spending.spend(work, member_id, charge.payment_id, charge.amount)
        return Started(captured=True, reference=f"value-{charge.payment_id}", amount=charge.amount)

    async def give_back(self, work: Work, refund: RefundOrder, member_id: UUID | None) -> Refunded:
        """Give it back to whoever the order belongs to."""
        assert member_id is not None, "stored value of nobody"
        await spending.give_back(work, member_id, refund.payment_id, refund.refund_id, refund.amount.minor)
        return Refunded(succeeded=True, reference=f"value-{refund.refund_id}")
