"""A guest signs in and keeps the cart."""

from uuid import UUID

from core.carts.changing import MOST_OF_A_LINE, Cut, changeable, put
from core.carts.codes import MOST_CODES
from core.carts.queries import latest_of
from core.errors import Unauthenticated
from core.work import Work

OWN = """
UPDATE cart SET member_id = $3, version = version + 1, marks = ARRAY(SELECT DISTINCT unnest(marks || $4::text[]))
WHERE tenant_id = $1 AND id = $2
"""
MOVE_CODES = """
INSERT INTO cart_code (tenant_id, cart_id, code, plugin, label, added_at)
SELECT $1, $3, code, plugin, label, added_at FROM cart_code old
WHERE old.tenant_id = $1 AND old.cart_id = $2
  AND NOT EXISTS (SELECT FROM cart_code c WHERE c.tenant_id = $1 AND c.cart_id = $3 AND c.code = old.code)
ORDER BY added_at LIMIT greatest($4 - (SELECT count(*) FROM cart_code c WHERE c.tenant_id = $1 AND c.cart_id = $3), 0)
"""
DROP = "DELETE FROM cart WHERE tenant_id = $1 AND id = $2 AND order_id IS NULL"


async def claim(work: Work, cart_id: UUID | None) -> list[Cut]:
    """Make a guest's cart the member's own, with the goods and codes of the member's open cart added to it."""
    member_id = work.actor.id
    if member_id is None:
        raise Unauthenticated(reason="only a member can claim a cart.")
    cart = await changeable(work, cart_id)
    before = (await latest_of(work, [member_id]))[0]
    cuts: list[Cut] = []
    if before is not None and before.id != cart.id:
        own = cart.quantities
        merged = {key: min(n + own.get(key, 0), MOST_OF_A_LINE) for key, n in before.quantities.items()}
        cuts = await put(work, cart, merged, path=("input", "cartId"), refuse=False) if merged else []
        await work.execute(MOVE_CODES, before.id, cart.id, MOST_CODES)
        await work.execute(DROP, before.id)
    await work.execute(OWN, cart.id, member_id, before.marks if before is not None else [])
    return cuts
