"""Partner apps: programs of partners that call a brand's API."""

from core.apps.codes import CODE_SECONDS, Consent, find_code, keep_code, use_code
from core.apps.permissions import MANAGE
from core.apps.queries import by_client_id, by_ids, listing
from core.apps.rows import AppRow, CodeRow
from core.apps.service import Registration, activate, create, deactivate, rotate_secret, update
from core.apps.uris import is_registered

__all__ = [
    "CODE_SECONDS",
    "MANAGE",
    "AppRow",
    "CodeRow",
    "Consent",
    "Registration",
    "activate",
    "by_client_id",
    "by_ids",
    "create",
    "deactivate",
    "find_code",
    "is_registered",
    "keep_code",
    "listing",
    "rotate_secret",
    "update",
    "use_code",
]
