"""What returns contribute."""

from collections.abc import Sequence
from datetime import timedelta

from core.books import Invariant
from core.events import Subscription, Within
from core.hooks import hookimpl
from core.jobs import Job
from core.permission import Permission
from core.personal import PersonalData
from core.returns.events import ReturnOverdue
from core.returns.expiring import IS_DUE, close, find_overdue
from core.returns.invariants import INVARIANTS
from core.returns.permissions import MANAGE, READ, RECEIVE
from core.returns.personal_data import PERSONAL_DATA
from core.returns.rules import ReturnRules
from core.rules import Rules


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, MANAGE, RECEIVE]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [ReturnRules]


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [Within(ReturnOverdue, close)]


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("returns.find_overdue", timedelta(minutes=1), find_overdue, due=IS_DUE)]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
