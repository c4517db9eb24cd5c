"""Telling people things: in the brand's words, by whatever channels it has, after the transaction that caused it."""

from core.notices.channel import Letter, Notice, NoticeChannel
from core.notices.errors import Undeliverable
from core.notices.kind import NoticeKind, Purpose, Variable, VariableType
from core.notices.permissions import MANAGE
from core.notices.rows import TemplateRow
from core.notices.service import NoticeRequested, send
from core.notices.templates import Wish, preview, reset_words, set_words, templates
from core.notices.wording import Words

__all__ = [
    "MANAGE",
    "Letter",
    "Notice",
    "NoticeChannel",
    "NoticeKind",
    "NoticeRequested",
    "Purpose",
    "TemplateRow",
    "Undeliverable",
    "Variable",
    "VariableType",
    "Wish",
    "Words",
    "preview",
    "reset_words",
    "send",
    "set_words",
    "templates",
]
