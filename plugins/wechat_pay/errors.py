"""Why a payment by WeChat is not begun."""

from core.errors import DomainError


class WechatPayNotHere(DomainError):
    """This store takes no WeChat Pay."""


class WechatPayNeeds(DomainError):
    """To pay by WeChat, details say openId (of the shopper, in the mini-program) or authCode (shown at the counter)."""
