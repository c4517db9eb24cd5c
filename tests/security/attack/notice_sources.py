"""What the attack gives to what people are told and agree to."""

from collections.abc import Mapping
from typing import Any

KIND = {"code": "orders.ready", "language": "en"}
WORDS = KIND | {"title": "Come", "body": "{number} waits"}
SOURCES: Mapping[str, Mapping[str, Any]] = {
    "Query.noticeTemplates": {"code": "orders.ready"},
    "NoticeTemplateInput": WORDS,
    "NoticeTemplateResetInput": KIND,
    "Member.inbox": {"first": 5, "after": Of("message.cursor"), "unreadOnly": False},
    "InboxReadInput": {"messageIds": [Of("message")]},
    "MemberLanguageSetInput": {"language": "en"},
    "ConsentGiveInput": {"purpose": "MARKETING", "version": 0},
    "ConsentWithdrawInput": {"purpose": "MARKETING"},
    "ConsentTextPublishInput": {"purpose": "PERSONALISATION", "renews": False},
    "ConsentTranslationInput": {"language": "zh", "text": "好"},
}
