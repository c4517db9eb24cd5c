"""What keys contribute."""

from datetime import timedelta

from core.hooks import hookimpl
from core.idempotency.service import forget_keys
from core.jobs import Job


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("idempotency.forget_keys", timedelta(hours=1), forget_keys)]
