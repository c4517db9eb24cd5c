"""Telling people things: by whatever channels the tenant has, after the transaction that caused it."""

from core.notices.channel import Notice, NoticeChannel
from core.notices.service import NoticeRequested, send

__all__ = ["Notice", "NoticeChannel", "NoticeRequested", "send"]
