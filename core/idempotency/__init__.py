"""Requests that must not happen twice: a key is written with its effect, in one transaction."""

from core.idempotency.service import Begun, Request, begin, forget_keys, once, recall, remember

__all__ = ["Begun", "Request", "begin", "forget_keys", "once", "recall", "remember"]
