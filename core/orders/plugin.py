"""What orders contribute."""

from collections.abc import Sequence
from datetime import timedelta

from core.books import Invariant
from core.events import Subscription, Within
from core.hooks import hookimpl
from core.jobs import Job
from core.notices import NoticeKind
from core.orders import arriving, notices, permissions
from core.orders.events import OrderCancelled, ReleaseOwed
from core.orders.expiring import release_unpaid
from core.orders.invariants import INVARIANTS
from core.orders.personal_data import PERSONAL_DATA
from core.orders.releasing import release_again
from core.orders.rules import OrderRules
from core.orders.slots import forget_slots
from core.permission import Permission
from core.personal import PersonalData
from core.rules import Rules
from core.transfers import TransferCancelled, TransferReceived

OVERDUE = (
    "SELECT 1 FROM sales_order WHERE tenant_id = $1 AND status = 'PENDING_PAYMENT' "
    "AND reserved_until <= (SELECT app_now())"
)


@hookimpl
def register_permissions() -> list[Permission]:
    return [permissions.READ, permissions.FULFIL, permissions.VERIFY, permissions.CANCEL, permissions.RECORD_SALE]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [OrderRules]


@hookimpl
def register_notices() -> list[NoticeKind]:
    return notices.KINDS


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [
        Within(OrderCancelled, notices.tell_end),
        Within(ReleaseOwed, release_again),
        Within(TransferReceived, arriving.received),
        Within(TransferCancelled, arriving.called_off),
    ]


@hookimpl
def register_jobs() -> list[Job]:
    return [
        Job("orders.release_unpaid", timedelta(seconds=5), release_unpaid, due=OVERDUE),
        Job("orders.forget_slots", timedelta(hours=1), forget_slots),
    ]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
