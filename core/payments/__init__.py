"""Being paid, and paying back."""

from core.payments.billing import Bill, refund_bill, start_bill
from core.payments.capturing import Outcome, credit
from core.payments.ending import cancel_order, end, lapsed, reject_order
from core.payments.errors import InsufficientValue, PaymentRefused
from core.payments.events import NoticeRefused, PaymentMismatched, PaymentReturned, RefundRequested, RefundSettled
from core.payments.hearing import Kind, Notification, Verdict, hear
from core.payments.paying_back import settle
from core.payments.permissions import COLLECT, REFUND
from core.payments.provider import TILL, Charge, PaymentProvider, Refunded, RefundOrder, Started
from core.payments.queries import by_ids, payments_of, refunds_by_ids, refunds_of
from core.payments.refunding import RefundWish, refund, refund_parts, refund_rest
from core.payments.retrying import retry
from core.payments.rows import PaymentRow, RefundRow
from core.payments.service import record_taken, start
from core.payments.sharing import Part, all_back, as_far_as_open, goods_of

__all__ = [
    "COLLECT",
    "REFUND",
    "TILL",
    "Bill",
    "Charge",
    "InsufficientValue",
    "Kind",
    "NoticeRefused",
    "Notification",
    "Outcome",
    "Part",
    "PaymentMismatched",
    "PaymentProvider",
    "PaymentRefused",
    "PaymentReturned",
    "PaymentRow",
    "RefundOrder",
    "RefundRequested",
    "RefundRow",
    "RefundSettled",
    "RefundWish",
    "Refunded",
    "Started",
    "Verdict",
    "all_back",
    "as_far_as_open",
    "by_ids",
    "cancel_order",
    "credit",
    "end",
    "goods_of",
    "hear",
    "lapsed",
    "payments_of",
    "record_taken",
    "refund",
    "refund_bill",
    "refund_parts",
    "refund_rest",
    "refunds_by_ids",
    "refunds_of",
    "reject_order",
    "retry",
    "settle",
    "start",
    "start_bill",
]
