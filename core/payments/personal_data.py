"""What payments know of members."""

from core.orders import OF_ORDER
from core.personal import KEPT_AS_IT_IS, STAYS, PersonalData, moved

_OF_BILL = """t.payment_id IN (SELECT p.id FROM payment p
    WHERE p.tenant_id = $1 AND p.order_id IS NULL AND p.member_id = $2)"""

PERSONAL_DATA = [
    PersonalData(
        table="payment",
        holds="Payments of orders, and of what else the member paid for",
        whose=f"{OF_ORDER} OR t.member_id = $2",
        merging=moved("payment"),
        erasing=KEPT_AS_IT_IS,
    ),
    PersonalData(
        table="refund",
        holds="What was paid back, and why",
        members=(),
        whose=f"{OF_ORDER} OR {_OF_BILL}",
        merging=STAYS,
        erasing=KEPT_AS_IT_IS,
    ),
]
