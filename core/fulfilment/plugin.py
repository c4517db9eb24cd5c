"""What fulfilment contributes."""

from datetime import timedelta

from core.books import Invariant
from core.events import Subscription, Within
from core.fulfilment import confirming, notices
from core.fulfilment.events import DeliveryUnconfirmed
from core.fulfilment.invariants import INVARIANTS
from core.fulfilment.lapsing import IS_DUE, find_lapsed
from core.fulfilment.leaving import CHECKED_EXIT_CODE, EXIT_CODE, PICKUP_CODE, hand_over, hand_over_checked
from core.fulfilment.rules import ScanAndGoRules
from core.fulfilment.service import let_go
from core.fulfilment.telling_buyers import tell_status
from core.hooks import hookimpl
from core.jobs import Job
from core.notices import NoticeKind
from core.orders import OrderLetGo, OrderStatusChanged
from core.rules import Rules
from core.verification.handler import CodeKind


@hookimpl
def register_codes() -> list[CodeKind]:
    return [
        CodeKind(PICKUP_CODE, hand_over, "An order to collect"),
        CodeKind(EXIT_CODE, hand_over, "An exit"),
        CodeKind(CHECKED_EXIT_CODE, hand_over_checked, "An exit with a look into the basket"),
    ]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [ScanAndGoRules]


@hookimpl
def register_notices() -> list[NoticeKind]:
    return notices.KINDS


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [
        Within(OrderLetGo, let_go),
        Within(OrderStatusChanged, tell_status),
        Within(DeliveryUnconfirmed, confirming.complete),
    ]


@hookimpl
def register_jobs() -> list[Job]:
    return [
        Job("fulfilment.find_lapsed", timedelta(seconds=5), find_lapsed, due=IS_DUE),
        Job("fulfilment.find_unconfirmed", timedelta(minutes=5), confirming.find_unconfirmed, due=confirming.IS_DUE),
    ]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS
