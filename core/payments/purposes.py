"""What money is paid for that is no order, and who is told that it is there."""

from typing import Protocol

from core.payments.rows import PaymentRow
from core.work import Work


class Purpose(Protocol):
    """Something of a plugin's that members pay for: its own thing, known by the payment's id."""

    @property
    def name(self) -> str: ...
    async def paid(self, work: Work, payment: PaymentRow) -> None:
        """Hand over what was paid for, in the transaction that captures; it is told once, however late."""
