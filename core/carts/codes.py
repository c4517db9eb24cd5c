"""Codes that shoppers put on carts; the plugin that knows one decides what it gives."""

from uuid import UUID

from core import clock
from core.carts.changing import changeable
from core.carts.writing import mark, touch
from core.errors import DomainError, Invalid, LimitReached, NotFound
from core.verification import CodeUnknown
from core.work import Work

MOST_CODES = 10
LONGEST_CODE = 64
_PATH = ("input", "code")

ADD = """
INSERT INTO cart_code (tenant_id, cart_id, code, plugin, label, added_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
REMOVE = "DELETE FROM cart_code WHERE tenant_id = $1 AND cart_id = $2 AND code = $3"


async def apply_code(work: Work, cart_id: UUID | None, written: str) -> UUID:
    """Put a code on a cart, if a plugin knows it; one that is on it already stays."""
    cart = await changeable(work, cart_id)
    code = normal(written)
    if code in {known.code for known in cart.codes}:
        return cart.id
    if len(cart.codes) >= MOST_CODES:
        raise LimitReached(reason=f"A cart takes at most {MOST_CODES} codes.", path=_PATH)
    try:
        known = await work.hooks.redeem_code(work, cart.basket, code)
    except DomainError as refusal:
        refusal.path = refusal.path or _PATH
        raise
    if known is None:
        raise CodeUnknown(path=_PATH)
    plugin, label = known
    await work.execute(ADD, cart.id, code, plugin, label, clock.now())
    await mark(work, cart.id, plugin)
    return cart.id


async def remove_code(work: Work, cart_id: UUID | None, written: str) -> UUID:
    """Take a code off a cart again."""
    cart = await changeable(work, cart_id)
    if not await work.execute(REMOVE, cart.id, normal(written)):
        raise NotFound(what="code on this cart", path=_PATH)
    await touch(work, cart.id)
    return cart.id


def normal(code: str) -> str:
    """How a code is kept and compared: people write it large or small, with spaces around it."""
    found = code.strip().upper()
    if not 1 <= len(found) <= LONGEST_CODE or "\x00" in found:
        raise Invalid(reason=f"A code has 1 to {LONGEST_CODE} characters.", path=_PATH)
    return found
