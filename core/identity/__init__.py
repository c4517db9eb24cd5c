"""Who is calling: one-time codes, passwords, second factors, tokens."""

from core.identity.access_tokens import verify
from core.identity.choosing import (
    accept_invitation,
    change_password,
    first_password,
    request_password_reset,
    reset_password,
)
from core.identity.claims import Claims
from core.identity.colleagues import count_staff, page_of_staff, staff_with_email, visible_staff
from core.identity.errors import (
    CodeWrong,
    CredentialsWrong,
    PasswordWeak,
    PasswordWrong,
    StaffKnown,
    TicketWrong,
    TotpEnrolled,
    TotpRequired,
)
from core.identity.inviting import invite_staff, send_invitation
from core.identity.managing import activate_staff, clear_second_factor, deactivate_staff, rename_staff, sign_out_staff
from core.identity.one_time import request_code, take_code
from core.identity.passwords import hash_password, hashed, verify_password
from core.identity.permissions import MANAGE, READ
from core.identity.rules import DemoRules, IdentityRules
from core.identity.second_factor import Enrolment, confirm_second_factor, disable_second_factor, enrol_second_factor
from core.identity.sessions import SessionRow, actor_of, end, end_all, ended, sessions_of
from core.identity.staff import StaffRow, active_staff, add_staff, by_email, by_ids, email_of, hold_quota, name_of
from core.identity.staff_sign_in import Proof, prove
from core.identity.tokens import Session, issue, refresh, signing_in

__all__ = [
    "MANAGE",
    "READ",
    "Claims",
    "CodeWrong",
    "CredentialsWrong",
    "DemoRules",
    "Enrolment",
    "IdentityRules",
    "PasswordWeak",
    "PasswordWrong",
    "Proof",
    "Session",
    "SessionRow",
    "StaffKnown",
    "StaffRow",
    "TicketWrong",
    "TotpEnrolled",
    "TotpRequired",
    "accept_invitation",
    "activate_staff",
    "active_staff",
    "actor_of",
    "add_staff",
    "by_email",
    "by_ids",
    "change_password",
    "clear_second_factor",
    "confirm_second_factor",
    "count_staff",
    "deactivate_staff",
    "disable_second_factor",
    "email_of",
    "end",
    "end_all",
    "ended",
    "enrol_second_factor",
    "first_password",
    "hash_password",
    "hashed",
    "hold_quota",
    "invite_staff",
    "issue",
    "name_of",
    "page_of_staff",
    "prove",
    "refresh",
    "rename_staff",
    "request_code",
    "request_password_reset",
    "reset_password",
    "send_invitation",
    "sessions_of",
    "sign_out_staff",
    "signing_in",
    "staff_with_email",
    "take_code",
    "verify",
    "verify_password",
    "visible_staff",
]
