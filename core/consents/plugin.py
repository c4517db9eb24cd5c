"""What consents contribute."""

from collections.abc import Sequence
from datetime import timedelta

from core.books import Invariant
from core.consents.invariants import INVARIANTS
from core.consents.locating import IS_DUE, forget_expired
from core.consents.permissions import MANAGE
from core.consents.personal_data import PERSONAL_DATA
from core.consents.purpose import PURPOSES, ConsentPurpose
from core.consents.rules import ConsentRules
from core.hooks import hookimpl
from core.jobs import Job
from core.permission import Permission
from core.personal import PersonalData
from core.rules import Rules


@hookimpl
def register_permissions() -> list[Permission]:
    return [MANAGE]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [ConsentRules]


@hookimpl
def register_consents() -> list[ConsentPurpose]:
    return PURPOSES


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("consents.forget_locations", timedelta(hours=1), forget_expired, due=IS_DUE)]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
