"""What sign-in contributes."""

from collections.abc import Sequence
from datetime import timedelta

from core.events import Subscription, Within
from core.hooks import hookimpl
from core.identity import notices
from core.identity.events import PasswordResetRequested
from core.identity.forgetting import forget_ended
from core.identity.openid.rules import NetworkRules, OpenIdRules
from core.identity.permissions import MANAGE, READ
from core.identity.personal_data import PERSONAL_DATA
from core.identity.rules import DemoRules, IdentityRules
from core.identity.staff.choosing import send_reset
from core.jobs import Job
from core.notices import NoticeKind
from core.permission import Permission
from core.personal import PersonalData
from core.rules import Rules


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, MANAGE]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [IdentityRules, OpenIdRules, DemoRules, NetworkRules]


@hookimpl
def register_notices() -> list[NoticeKind]:
    return notices.KINDS


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [Within(PasswordResetRequested, send_reset)]


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("identity.forget_ended", timedelta(hours=1), forget_ended)]


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
