"""What fulfilment contributes."""

from core.books import Invariant
from core.events import Subscription, Within
from core.fulfilment.invariants import INVARIANTS
from core.fulfilment.service import PICKUP_CODE, hand_over, let_go
from core.hooks import hookimpl
from core.orders import OrderLetGo
from core.verification.handler import CodeKind


@hookimpl
def register_codes() -> list[CodeKind]:
    return [CodeKind(PICKUP_CODE, hand_over)]


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [Within(OrderLetGo, let_go)]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS
