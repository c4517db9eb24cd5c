"""Who is calling: one-time codes, passwords, second factors, tokens."""

from core.identity.acting import actor_of, grants_of_person
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
from core.identity.explaining import explain, explain_other
from core.identity.one_time import request_code, take_code
from core.identity.permissions import MANAGE, READ
from core.identity.rules import DemoRules, IdentityRules
from core.identity.staff.choosing import (
    accept_invitation,
    change_password,
    first_password,
    request_password_reset,
    reset_password,
)
from core.identity.staff.colleagues import count_staff, page_of_staff, staff_with_email, visible_staff
from core.identity.staff.inviting import invite_staff, send_invitation
from core.identity.staff.managing import (
    activate_staff,
    clear_second_factor,
    deactivate_staff,
    rename_staff,
    sign_out_staff,
)
from core.identity.staff.names import names_of
from core.identity.staff.passwords import hash_password, hashed, verify_password
from core.identity.staff.people import (
    StaffRow,
    active_staff,
    add_staff,
    by_email,
    by_ids,
    email_of,
    hold_quota,
    name_of,
)
from core.identity.staff.second_factor import (
    Enrolment,
    confirm_second_factor,
    disable_second_factor,
    enrol_second_factor,
)
from core.identity.staff.sign_in import Proof, prove
from core.identity.tokens.access_tokens import seconds_left, verify
from core.identity.tokens.app_sessions import Renewal, renewal
from core.identity.tokens.claims import Claims
from core.identity.tokens.refresh_tokens import Session, issue, refresh, signing_in
from core.identity.tokens.sessions import SessionRow, end, end_all, ended, sessions_of

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
    "Renewal",
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
    "explain",
    "explain_other",
    "first_password",
    "grants_of_person",
    "hash_password",
    "hashed",
    "hold_quota",
    "invite_staff",
    "issue",
    "name_of",
    "names_of",
    "page_of_staff",
    "prove",
    "refresh",
    "rename_staff",
    "renewal",
    "request_code",
    "request_password_reset",
    "reset_password",
    "seconds_left",
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
