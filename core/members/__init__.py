"""Members: the shoppers a brand knows."""

from core.members.events import MemberJoined
from core.members.permissions import READ, READ_CONTACT
from core.members.queries import by_phone, count, page, tiers_of, visible, visible_by_phone, within_reach
from core.members.rows import MemberRow
from core.members.service import join, join_all, meet, name_of, phone_of

__all__ = [
    "READ",
    "READ_CONTACT",
    "MemberJoined",
    "MemberRow",
    "by_phone",
    "count",
    "join",
    "join_all",
    "meet",
    "name_of",
    "page",
    "phone_of",
    "tiers_of",
    "visible",
    "visible_by_phone",
    "within_reach",
]
