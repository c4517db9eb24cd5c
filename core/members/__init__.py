"""Members: the shoppers a brand knows."""

from core.members.permissions import READ, READ_CONTACT
from core.members.queries import by_ids, by_phone, count, page
from core.members.rows import MemberRow
from core.members.service import join, name_of, phone_of

__all__ = [
    "READ",
    "READ_CONTACT",
    "MemberRow",
    "by_ids",
    "by_phone",
    "count",
    "join",
    "name_of",
    "page",
    "phone_of",
]
