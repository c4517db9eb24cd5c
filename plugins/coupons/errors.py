"""Why somebody does not get a coupon, or cannot use one."""

from core.errors import DomainError


class CouponsNotOffered(DomainError):
    """{reason}"""


class CouponsSoldOut(DomainError):
    """Only {left} of these coupons are left."""


class CouponsLimitReached(DomainError):
    """You have had as many of these coupons as one member may."""


class CouponsSignInFirst(DomainError):
    """Sign in to use this code: its coupon becomes yours."""


class CouponsNotUsable(DomainError):
    """{reason}"""


class CouponsTaken(DomainError):
    """The coupon {label} was used elsewhere in the meantime, or its time is over: take its code off the cart."""


class CouponsNotGivable(DomainError):
    """This coupon cannot be given away: {reason}"""
