"""What partner apps contribute."""

from datetime import timedelta

from core.apps.codes import forget_codes
from core.apps.permissions import MANAGE
from core.hooks import hookimpl
from core.jobs import Job
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [MANAGE]


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("apps.forget_codes", timedelta(hours=1), forget_codes)]
