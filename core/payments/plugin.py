"""What payments contribute."""

from datetime import timedelta

from core.books import Invariant
from core.events import Outside, Subscription, Within
from core.fulfilment import AcceptanceLapsed
from core.hooks import hookimpl
from core.jobs import Job
from core.payments.completing import IS_DUE, complete, find_overdue
from core.payments.ending import lapsed
from core.payments.events import PaymentOverdue, RefundRequested
from core.payments.invariants import INVARIANTS
from core.payments.permissions import REFUND
from core.payments.refunding import ask_provider
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [REFUND]


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [
        Outside(RefundRequested, ask_provider),
        Outside(PaymentOverdue, complete),
        Within(AcceptanceLapsed, lapsed),
    ]


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("payments.find_overdue", timedelta(seconds=30), find_overdue, due=IS_DUE)]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS
