"""What is often asked of messages and consents."""

from collections.abc import Awaitable, Callable

from core import clock, consents, notices
from core.actors import member
from core.consents.locating import forget_expired
from core.consents.queries import last_words
from core.notices.inbox import forget_old
from core.work import Work
from tests.performance.bulk import Bulk

PAGE = 21
Hot = Callable[[Work, Bulk], Awaitable[object]]


def _as_member(ask: Hot) -> Hot:
    """Asked by the first of the members."""

    def asked(work: Work, bulk: Bulk) -> Awaitable[object]:
        work.actor = member(bulk.members[0])
        return ask(work, bulk)

    return asked


HOT: dict[str, Hot] = {
    "an inbox": _as_member(
        lambda work, bulk: notices.pages(work, bulk.members[:1], PAGE, after=None, unread_only=False)
    ),
    "an inbox, next page": _as_member(
        lambda work, bulk: notices.pages(work, bulk.members[:1], PAGE, after=bulk.orders[0], unread_only=True)
    ),
    "how many messages are unread": _as_member(lambda work, bulk: notices.unread_counts(work, bulk.members[:1])),
    "messages by id": _as_member(lambda work, bulk: notices.visible(work, bulk.orders[:PAGE])),
    "everything was read": _as_member(lambda work, bulk: notices.read_all(work, bulk.members[0])),
    "inboxes of which something was told": lambda work, _: notices.changed_since(work, clock.now()),
    "messages that are old": lambda work, _: forget_old(work),
    "languages of members": lambda work, bulk: notices.languages(work, bulk.members[:PAGE]),
    "who agrees": lambda work, bulk: consents.allows(work, bulk.members[:PAGE], consents.MARKETING),
    "what members have said": lambda work, bulk: last_words(work, bulk.members[:PAGE]),
    "where members are": lambda work, bulk: consents.locations(work, bulk.members[:PAGE]),
    "places that are to be forgotten": lambda work, _: forget_expired(work),
}
