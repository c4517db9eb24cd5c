"""What points know of members."""

from core.orders import OF_ORDER
from core.personal import GONE_WITH_ITS_OWNER, KEPT_AS_IT_IS, STAYS, PersonalData

_OF_LINE = """t.order_line_id IN (SELECT l.id FROM sales_order_line l WHERE l.tenant_id = $1
    AND l.order_id IN (SELECT o.id FROM sales_order o WHERE o.tenant_id = $1 AND o.member_id = $2))"""

PERSONAL_DATA = [
    PersonalData(
        table="points_wish",
        holds="Points that are to pay for carts",
        members=(),
        whose="t.cart_id IN (SELECT c.id FROM cart c WHERE c.tenant_id = $1 AND c.member_id = $2)",
        merging=STAYS,
        erasing=GONE_WITH_ITS_OWNER,
    ),
    PersonalData(
        table="points_spending",
        holds="What orders have cost in points",
        members=(),
        whose=OF_ORDER,
        merging=STAYS,
        erasing=KEPT_AS_IT_IS,
    ),
    PersonalData(
        table="points_earning",
        holds="What orders have earned in points",
        members=(),
        whose=OF_ORDER,
        merging=STAYS,
        erasing=KEPT_AS_IT_IS,
    ),
    PersonalData(
        table="points_earning_line",
        holds="What of it each line has earned",
        members=(),
        whose=_OF_LINE,
        merging=STAYS,
        erasing=KEPT_AS_IT_IS,
    ),
]
