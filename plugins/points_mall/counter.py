"""Services that a member has for points: their code is shown at a store's counter, and taken once."""

from core import audit, orders
from core.errors import Forbidden
from core.verification import PATH, CodeUsed, Shown, Taken
from core.work import Work
from plugins.points_mall import codes, queries
from plugins.points_mall.errors import PointsMallNotUsable
from plugins.points_mall.events import PointsMallServiceUsed
from plugins.points_mall.rows import RedemptionRow

KIND = "appointment"
TAKEN = f"points_mall.{KIND}"  #: as the desk calls it
_OVER = {"LAPSED": "its time is over.", "RETURNED": "it was given back."}

USE = """
UPDATE points_mall_redemption SET state = 'USED', used_at = app_now(), store_id = $3
WHERE tenant_id = $1 AND id = $2 AND state = 'OPEN' AND valid_until > app_now()
"""


async def verify_code(work: Work, shown: Shown) -> Taken | None:
    """Take the code of a service; None for what is no such code."""
    found = await queries.by_code(work, codes.index_of(work, shown.code))
    if found is None:
        return None
    if not work.actor.may(orders.VERIFY.name, shown.store_id):
        raise Forbidden(permission=orders.VERIFY.name)
    if found.state == "USED":
        raise CodeUsed(path=PATH)
    await _require_here(work, found, shown)
    if not await work.execute(USE, found.id, shown.store_id):
        raise PointsMallNotUsable(reason=_OVER.get(found.state, "it was used just now."), path=PATH)
    await _tell(work, found, shown)
    return Taken(KIND, found.name, found.id)


async def _require_here(work: Work, found: RedemptionRow, shown: Shown) -> None:
    """An appointment is for the store that the member has chosen, or for any of the offer's."""
    offer = (await queries.offers_by_ids(work, [found.offer_id]))[0]
    assert offer is not None, "offers are never deleted"
    if found.store_id not in (None, shown.store_id) or not offer.at(shown.store_id):
        raise PointsMallNotUsable(reason="it is for another store.", path=PATH)


async def _tell(work: Work, found: RedemptionRow, shown: Shown) -> None:
    facts = {"state": "USED", "service": found.name}
    await audit.record(work, "points_mall.used", "PointsMallRedemption", found.id, store_id=shown.store_id, after=facts)
    work.emit(PointsMallServiceUsed(redemption_id=found.id, offer_id=found.offer_id, store_id=shown.store_id))
