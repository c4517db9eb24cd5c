"""Cards of paid orders: listed in the transaction that hears of the payment, sent to the printer outside of any."""

from dataclasses import dataclass
from uuid import UUID

import httpx

from core import clock
from core.orders import OrderPaid
from core.work import Work, Works
from gift_wrap.events import CardsListed
from gift_wrap.rows import LineRow
from gift_wrap.settings import GiftWrapSettings

PATIENCE = 10  #: seconds

#: an event may come twice; a card is listed once
LIST = """
INSERT INTO gift_wrap_print (tenant_id, order_id, variant_id, listed_at)
SELECT $1, o.id, l.variant_id, $3 FROM sales_order o
JOIN gift_wrap_line l ON l.tenant_id = $1 AND l.cart_id = o.cart_id
WHERE o.tenant_id = $1 AND o.id = $2 AND l.card IS NOT NULL
ON CONFLICT (tenant_id, order_id, variant_id) DO NOTHING
"""
TO_PRINT = """
SELECT l.cart_id, l.variant_id, l.paper_id, l.card FROM gift_wrap_print p
JOIN sales_order o ON o.tenant_id = $1 AND o.id = p.order_id
JOIN gift_wrap_line l ON l.tenant_id = $1 AND l.cart_id = o.cart_id AND l.variant_id = p.variant_id
WHERE p.tenant_id = $1 AND p.order_id = $2 AND p.printed_at IS NULL ORDER BY l.variant_id
"""
PRINTED = "UPDATE gift_wrap_print SET printed_at = $3 WHERE tenant_id = $1 AND order_id = $2 AND printed_at IS NULL"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the printer is sent, and where it is."""

    url: str
    key: str
    cards: list[str]


async def list_cards(work: Work, event: OrderPaid) -> None:
    """Put the cards of a paid order on the list."""
    if await work.execute(LIST, event.order_id, clock.now()):
        work.emit(CardsListed(order_id=event.order_id))


async def print_cards(works: Works, event: CardsListed) -> None:
    """Send what is listed to the brand's printer; where it does not answer, the worker tries again later."""
    async with works() as work:
        sheet = await _sheet(work, event.order_id)
    if sheet is None:
        return
    async with httpx.AsyncClient(timeout=PATIENCE) as printer:
        said = {"order": str(event.order_id), "cards": sheet.cards}  # the order's id: the printer prints it once
        answer = await printer.post(sheet.url, json=said, headers={"Authorization": f"Bearer {sheet.key}"})
        answer.raise_for_status()
    async with works() as work:
        await work.execute(PRINTED, event.order_id, clock.now())


async def _sheet(work: Work, order_id: UUID) -> _Sheet | None:
    settings = work.settings(GiftWrapSettings)
    cards = [row.opened(work.vault).card or "" for row in await work.rows(LineRow, TO_PRINT, order_id)]
    if not settings.printer_url or not cards:
        return None
    key = settings.printer_key.get_secret_value() if settings.printer_key is not None else ""
    return _Sheet(settings.printer_url, key, cards)
