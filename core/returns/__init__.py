"""Returns: goods that come back, the money for them, and what is handed out in their place."""

from core.returns.asking import ReturnWish, request
from core.returns.deciding import approve, cancel, reject, send
from core.returns.errors import NotReturnable, ReturnState, ReturnTooLate
from core.returns.events import GoodsReturned, ReturnChanged
from core.returns.permissions import MANAGE, READ, RECEIVE
from core.returns.queries import ReturnFilter, by_id, count, lines_of, of_orders, owned, page, visible
from core.returns.receiving import Arrived, hand_over, receive, refund_instead
from core.returns.rows import Returnable, ReturnLineRow, ReturnRow
from core.returns.rules import ReturnRules
from core.returns.steps import Step, allowed_actions
from core.returns.windows import returnable

__all__ = [
    "MANAGE",
    "READ",
    "RECEIVE",
    "Arrived",
    "GoodsReturned",
    "NotReturnable",
    "ReturnChanged",
    "ReturnFilter",
    "ReturnLineRow",
    "ReturnRow",
    "ReturnRules",
    "ReturnState",
    "ReturnTooLate",
    "ReturnWish",
    "Returnable",
    "Step",
    "allowed_actions",
    "approve",
    "by_id",
    "cancel",
    "count",
    "hand_over",
    "lines_of",
    "of_orders",
    "owned",
    "page",
    "receive",
    "refund_instead",
    "reject",
    "request",
    "returnable",
    "send",
    "visible",
]
