"""What payments contribute."""

from collections.abc import Sequence
from datetime import timedelta

from core.books import Invariant
from core.events import Outside, Subscription, Within
from core.fulfilment import AcceptanceLapsed
from core.hooks import hookimpl
from core.jobs import Job
from core.notices import NoticeKind
from core.orders import OrderCancelled
from core.payments import completing, paying_back
from core.payments.ending import lapsed
from core.payments.events import NoticeArrived, PaymentOverdue, RefundOverdue, RefundRequested, RefundSettled
from core.payments.hearing import judge
from core.payments.invariants import INVARIANTS
from core.payments.permissions import COLLECT, REFUND
from core.payments.personal_data import PERSONAL_DATA
from core.payments.rules import PaymentRules
from core.payments.telling_buyers import KINDS, tell_refunded
from core.permission import Permission
from core.personal import PersonalData
from core.rules import Rules


@hookimpl
def register_permissions() -> list[Permission]:
    return [COLLECT, REFUND]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [PaymentRules]


@hookimpl
def register_notices() -> list[NoticeKind]:
    return KINDS


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [
        Outside(RefundRequested, paying_back.ask_provider),
        Outside(RefundOverdue, paying_back.ask_again),
        Outside(PaymentOverdue, completing.complete),
        Outside(OrderCancelled, completing.close_open),
        Within(NoticeArrived, judge),
        Within(AcceptanceLapsed, lapsed),
        Within(RefundSettled, tell_refunded),
    ]


@hookimpl
def register_jobs() -> list[Job]:
    every = timedelta(seconds=30)
    return [
        Job("payments.find_overdue", every, completing.find_overdue, due=completing.IS_DUE),
        Job("payments.find_refunds", every, paying_back.find_under_way, due=paying_back.IS_DUE),
    ]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
