"""What dead letters contribute."""

from datetime import timedelta

from core.books import Invariant
from core.dead_letters import permissions
from core.dead_letters.invariants import INVARIANTS
from core.dead_letters.service import bury_orphans, forget_told
from core.hooks import hookimpl
from core.jobs import Job
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [permissions.READ, permissions.REPLAY]


@hookimpl
def register_jobs() -> list[Job]:
    return [
        Job("events.bury_orphans", timedelta(hours=1), bury_orphans),
        Job("events.forget_told", timedelta(hours=1), forget_told),
    ]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS
