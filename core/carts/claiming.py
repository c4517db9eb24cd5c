"""A guest signs in and keeps the cart."""

from uuid import UUID

from core.carts.changing import MOST_OF_A_LINE, Cut, changeable, put
from core.carts.queries import latest_of
from core.errors import Unauthenticated
from core.work import Work

OWN = "UPDATE cart SET member_id = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2"
DROP = "DELETE FROM cart WHERE tenant_id = $1 AND id = $2 AND order_id IS NULL"


async def claim(work: Work, cart_id: UUID | None) -> list[Cut]:
    """Make a guest's cart the member's own, with what the member's open cart held added to it."""
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
        await work.execute(DROP, before.id)
    await work.execute(OWN, cart.id, member_id)
    return cuts
