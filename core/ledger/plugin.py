"""What the ledger contributes."""

from collections.abc import Sequence
from datetime import timedelta

from core.books import Invariant
from core.hooks import hookimpl
from core.jobs import Job
from core.ledger.invariants import INVARIANTS
from core.ledger.personal_data import PERSONAL_DATA
from core.ledger.settling import IS_DUE, settle_due
from core.personal import PersonalData


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("ledger.settle_due", timedelta(minutes=1), settle_due, due=IS_DUE)]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS
