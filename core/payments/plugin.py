"""What payments contribute."""

from core.books import Invariant
from core.events import Outside, Subscription
from core.hooks import hookimpl
from core.payments.events import RefundRequested
from core.payments.invariants import INVARIANTS
from core.payments.permissions import REFUND
from core.payments.refunding import ask_provider
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [REFUND]


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [Outside(RefundRequested, ask_provider)]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS
