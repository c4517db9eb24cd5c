"""Who is calling: one-time codes, passwords, tokens."""

from core.identity.claims import Claims
from core.identity.errors import CodeWrong, CredentialsWrong
from core.identity.one_time import request_code, take_code
from core.identity.rules import DemoRules, IdentityRules
from core.identity.sessions import actor_of, end, end_all, ended
from core.identity.staff import (
    StaffRow,
    add_staff,
    by_email,
    by_ids,
    email_of,
    hash_password,
    name_of,
    verify_password,
)
from core.identity.tokens import Session, issue, refresh, signing_in, verify

__all__ = [
    "Claims",
    "CodeWrong",
    "CredentialsWrong",
    "DemoRules",
    "IdentityRules",
    "Session",
    "StaffRow",
    "actor_of",
    "add_staff",
    "by_email",
    "by_ids",
    "email_of",
    "end",
    "end_all",
    "ended",
    "hash_password",
    "issue",
    "name_of",
    "refresh",
    "request_code",
    "signing_in",
    "take_code",
    "verify",
    "verify_password",
]
