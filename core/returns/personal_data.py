"""What returns know of members."""

from core.orders import OF_ORDER
from core.personal import KEPT_AS_IT_IS, STAYS, PersonalData, blanked

_OF_RETURN = """t.return_id IN (SELECT r.id FROM sales_return r
    JOIN sales_order o ON o.tenant_id = $1 AND o.id = r.order_id WHERE r.tenant_id = $1 AND o.member_id = $2)"""

PERSONAL_DATA = [
    PersonalData(
        table="sales_return",
        holds="Goods brought back, and what was said of them",
        members=(),
        whose=OF_ORDER,
        merging=STAYS,
        erasing=blanked("sales_return", "note", "answer", "tracking_number", where=OF_ORDER),
    ),
    PersonalData(
        table="sales_return_line",
        holds="Which goods came back",
        members=(),
        whose=_OF_RETURN,
        merging=STAYS,
        erasing=KEPT_AS_IT_IS,
    ),
]
