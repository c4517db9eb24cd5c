"""What supply contributes."""

from datetime import timedelta

from core.books import Invariant
from core.hooks import hookimpl
from core.jobs import Job
from core.permission import Permission
from core.rules import Rules
from core.supply import permissions
from core.supply.invariants import INVARIANTS
from core.supply.replenishing.watching import DUE, watch
from core.supply.rules import SupplyRules


@hookimpl
def register_permissions() -> list[Permission]:
    return [
        permissions.PURCHASING_READ,
        permissions.PURCHASING_MANAGE,
        permissions.RECEIVE,
        permissions.COUNT,
        permissions.CLOSE_COUNT,
        permissions.RECONCILE,
    ]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [SupplyRules]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("supply.watch_stock", timedelta(seconds=30), watch, due=DUE)]
