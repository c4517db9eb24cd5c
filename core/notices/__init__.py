"""Telling people things: in the brand's words, by whatever channels it has, after the transaction that caused it."""

from core.notices.channel import Letter, Notice, NoticeChannel
from core.notices.choosing import choose_language, languages
from core.notices.errors import Undeliverable
from core.notices.events import InboxChanged, MessageWritten
from core.notices.inbox import changed_since, counts, pages, read, read_all, unread_counts, visible, words_of
from core.notices.kind import NoticeKind, Purpose, Variable, VariableType
from core.notices.permissions import MANAGE
from core.notices.rows import MessageRow, TemplateRow
from core.notices.service import NoticeRequested, send
from core.notices.telling import Subject, Telling, tell
from core.notices.templates import Wish, preview, reset_words, set_words, templates
from core.notices.wording import Value, Words, shown

__all__ = [
    "MANAGE",
    "InboxChanged",
    "Letter",
    "MessageRow",
    "MessageWritten",
    "Notice",
    "NoticeChannel",
    "NoticeKind",
    "NoticeRequested",
    "Purpose",
    "Subject",
    "Telling",
    "TemplateRow",
    "Undeliverable",
    "Value",
    "Variable",
    "VariableType",
    "Wish",
    "Words",
    "changed_since",
    "choose_language",
    "counts",
    "languages",
    "pages",
    "preview",
    "read",
    "read_all",
    "reset_words",
    "send",
    "set_words",
    "shown",
    "tell",
    "templates",
    "unread_counts",
    "visible",
    "words_of",
]
