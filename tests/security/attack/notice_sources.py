"""What the attack gives to what people are told and agree to, and what its member was told and agrees to."""

from collections.abc import Mapping
from typing import Any

from core import notices
from core.actors import system
from core.notices import Telling
from schema.relay import key_of
from tests.schema.shop import PEOPLES_SQUARE, done
from tests.security.attack.sides import Side, Things
from tests.security.attack.sources import Of

KIND = {"code": "orders.ready", "language": "en"}
NODES: Mapping[str, Of] = {"InboxMessage": Of("message")}
SOURCES: Mapping[str, Mapping[str, Any]] = {
    "Query.noticeTemplates": {"code": "orders.ready"},
    "NoticeTemplateInput": KIND | {"title": "Come", "body": "{number} waits"},
    "NoticeTemplateResetInput": KIND,
    "Member.inbox": {"first": 5, "after": Of("message.cursor"), "unreadOnly": False},
    "InboxReadInput": {"messageIds": [Of("message")]},
    "MemberLanguageSetInput": {"language": "en"},
    "ConsentGiveInput": {"purpose": "MARKETING", "version": 0},
    "ConsentWithdrawInput": {"purpose": "MARKETING"},
    "ConsentTextPublishInput": {"purpose": "PERSONALISATION", "renews": False},
    "ConsentTranslationInput": {"language": "zh", "text": "好"},
}
INBOX = """
{ viewer { ... on Member { id inbox(first: 1) { nodes { id } pageInfo { endCursor } } } } }
"""


async def equip(side: Side) -> Things:
    """The member was told something twice, and agrees that the place where they are is kept."""
    member = side.callers["member"]
    key = key_of("Member", (await member.run(INBOX))["viewer"]["id"])
    assert key is not None
    values = {"number": side.mark, "store": side.mark, "code": side.mark}
    async with member.application.platform.open_work(side.world.tenant, system("test")) as work:
        for source in ("1", "2"):
            told = Telling(code="orders.ready", member_id=key, source=source, values=values)
            await notices.tell(work, [told])
    given = {"purpose": "LOCATION", "version": 0}
    done(await member.do("consentGive", given, "member { id }"), "member")
    done(await member.do("memberLocationSet", PEOPLES_SQUARE, "location { cell }"), "location")
    inbox = (await member.run(INBOX))["viewer"]["inbox"]
    return {"message": inbox["nodes"][0]["id"], "message.cursor": inbox["pageInfo"]["endCursor"]}
