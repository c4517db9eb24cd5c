"""How much is asked, and how often something is tried: refused where it is too much."""

from tenants.throttle.admission import CallerLimits
from tenants.throttle.guarding import (
    CART_CODE,
    COUNTER_CODE,
    MEMBER_SIGN_IN,
    ONE_TIME_CODE,
    STAFF_PASSWORD_RESET,
    STAFF_SECRET,
    STAFF_SIGN_IN,
    STAFF_TICKET,
    TOKEN_REFRESH,
    Guard,
)
from tenants.throttle.throttle import Throttle
from tenants.throttle.windows import Shared, Take

__all__ = [
    "CART_CODE",
    "COUNTER_CODE",
    "MEMBER_SIGN_IN",
    "ONE_TIME_CODE",
    "STAFF_PASSWORD_RESET",
    "STAFF_SECRET",
    "STAFF_SIGN_IN",
    "STAFF_TICKET",
    "TOKEN_REFRESH",
    "CallerLimits",
    "Guard",
    "Shared",
    "Take",
    "Throttle",
]
