"""What orders know of members."""

from core.personal import KEPT_AS_IT_IS, STAYS, Outcome, PersonalData, blanked, moved

#: a condition on `t` for what has the order of a member
OF_ORDER = "t.order_id IN (SELECT o.id FROM sales_order o WHERE o.tenant_id = $1 AND o.member_id = $2)"
_OF_LINE = """t.order_line_id IN (SELECT l.id FROM sales_order_line l
    JOIN sales_order o ON o.tenant_id = $1 AND o.id = l.order_id WHERE l.tenant_id = $1 AND o.member_id = $2)"""


def _part(table: str, holds: str, whose: str = OF_ORDER, erasing: Outcome = KEPT_AS_IT_IS) -> PersonalData:
    return PersonalData(table=table, holds=holds, members=(), whose=whose, merging=STAYS, erasing=erasing)


PERSONAL_DATA = [
    PersonalData(
        table="sales_order",
        holds="Orders, with where and to whom they went",
        merging=moved("sales_order"),
        erasing=blanked("sales_order", "address", "contact", "note", keeps="What was bought and paid"),
        sealed=("address", "contact"),
    ),
    _part("sales_order_line", "What was bought"),
    _part("sales_order_line_part", "What bundles were made of", _OF_LINE),
    _part("order_adjustment", "How the price came about"),
    _part("order_event", "What happened with orders, and what was said of it"),
    _part("order_hold", "What orders waited for"),
]
