"""What keys contribute."""

from collections.abc import Sequence
from datetime import timedelta

from core.books import Invariant
from core.hooks import hookimpl
from core.idempotency.invariants import INVARIANTS
from core.idempotency.personal_data import PERSONAL_DATA
from core.idempotency.service import forget_keys
from core.jobs import Job
from core.personal import PersonalData


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("idempotency.forget_keys", timedelta(hours=1), forget_keys)]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
