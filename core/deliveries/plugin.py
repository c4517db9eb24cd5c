"""What deliveries contribute."""

from collections.abc import Sequence
from datetime import timedelta

from core.books import Invariant
from core.deliveries.automatic import call_for_package, call_when_ready
from core.deliveries.calling import begin_round
from core.deliveries.carrying import create
from core.deliveries.ending import ask_to_cancel, end_refunded, end_with_order
from core.deliveries.events import CourierWanted, ShipmentGivenUp, ShipmentOverdue, ShipmentWanted, TipWanted
from core.deliveries.invariants import INVARIANTS
from core.deliveries.looking import IS_DUE, ROUND_IS_DUE, begin_rounds, find_overdue, look
from core.deliveries.permissions import MANAGE, READ
from core.deliveries.personal_data import PERSONAL_DATA
from core.deliveries.rules import DeliveryRules
from core.deliveries.tipping import offer
from core.events import Outside, Subscription, Within
from core.fulfilment import PackageReady
from core.hooks import hookimpl
from core.jobs import Job
from core.orders import OrderCancelled, OrderStatusChanged
from core.payments import RefundSettled
from core.permission import Permission
from core.personal import PersonalData
from core.rules import Rules


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, MANAGE]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [DeliveryRules]


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [
        Within(OrderStatusChanged, call_when_ready),
        Within(PackageReady, call_for_package),
        Outside(CourierWanted, begin_round),
        Outside(ShipmentWanted, create),
        Outside(ShipmentOverdue, look),
        Outside(ShipmentGivenUp, ask_to_cancel),
        Outside(TipWanted, offer),
        Within(OrderCancelled, end_with_order),
        Within(RefundSettled, end_refunded),
    ]


@hookimpl
def register_jobs() -> list[Job]:
    return [
        Job("deliveries.find_overdue", timedelta(seconds=15), find_overdue, due=IS_DUE),
        Job("deliveries.begin_rounds", timedelta(seconds=15), begin_rounds, due=ROUND_IS_DUE),
    ]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
