"""What members contribute."""

from collections.abc import Sequence

from core.hooks import hookimpl
from core.members.permissions import READ, READ_CONTACT
from core.members.personal_data import PERSONAL_DATA
from core.permission import Permission
from core.personal import PersonalData


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, READ_CONTACT]


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
