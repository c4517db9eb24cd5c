"""Papers, and wrapping a line of a cart in one."""

from uuid import UUID

from core import audit, carts, clock, contacts
from core.carts import CartRow
from core.errors import Invalid, LimitReached, NotFound
from core.ids import new_id
from core.work import Work
from gift_wrap.errors import GiftWrapUnknownPaper
from gift_wrap.queries import papers, papers_by_ids
from gift_wrap.rows import LONGEST_CARD, PaperRow, place

MOST_PAPERS = 50
LONGEST_NAME = 80  #: characters
_NAME, _CARD = ("input", "name"), ("input", "card")

ADD_PAPER = """
INSERT INTO gift_wrap_paper (tenant_id, id, name, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, name) DO NOTHING
"""
WRAP = """
INSERT INTO gift_wrap_line (tenant_id, cart_id, variant_id, paper_id, card) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, cart_id, variant_id) DO UPDATE SET paper_id = excluded.paper_id, card = excluded.card
"""
UNWRAP = "DELETE FROM gift_wrap_line WHERE tenant_id = $1 AND cart_id = $2 AND variant_id = $3"
#: core keeps carts that have expired for a while; what somebody wrote on a card is nobody's business then
FORGET = """
DELETE FROM gift_wrap_line WHERE tenant_id = $1 AND ctid = any(ARRAY(
    SELECT l.ctid FROM gift_wrap_line l JOIN cart c ON c.tenant_id = $1 AND c.id = l.cart_id
    WHERE l.tenant_id = $1 AND c.order_id IS NULL AND c.expires_at < (SELECT app_now()) LIMIT 500
))
"""


async def add_paper(work: Work, name: str) -> PaperRow:
    """Offer another paper."""
    name = contacts.text(name, path=_NAME, longest=LONGEST_NAME)
    if len(await papers(work)) >= MOST_PAPERS:
        raise LimitReached(reason=f"A brand has at most {MOST_PAPERS} papers.")
    paper = PaperRow(new_id(), name)
    if not await work.execute(ADD_PAPER, paper.id, name, clock.now()):
        raise Invalid(reason="There is a paper of this name already.", path=_NAME)
    await audit.record(work, "gift_wrap.paper_added", "GiftWrapPaper", paper.id, after={"name": name})
    return paper


async def wrap(work: Work, cart_id: UUID | None, line_id: UUID | None, paper_id: UUID, card: str | None) -> UUID:
    """Have a line of a cart wrapped; what it was wrapped in before, it is not any more."""
    cart = await carts.changeable(work, cart_id)
    variant_id = _variant(cart, line_id)
    if (await papers_by_ids(work, [paper_id]))[0] is None:
        raise GiftWrapUnknownPaper(path=("input", "paperId"))
    text = contacts.text(card, path=_CARD, longest=LONGEST_CARD) if card is not None else None
    sealed = work.vault.seal(text, place(cart.id, variant_id)) if text is not None else None
    await work.execute(WRAP, cart.id, variant_id, paper_id, sealed)
    await carts.touch(work, cart.id)  # it costs something else now: who ordered it as it was is told STALE
    return cart.id


async def unwrap(work: Work, cart_id: UUID | None, line_id: UUID | None) -> UUID:
    """Have a line not wrapped after all."""
    cart = await carts.changeable(work, cart_id)
    await work.execute(UNWRAP, cart.id, _variant(cart, line_id))
    await carts.touch(work, cart.id)
    return cart.id


async def forget_cards(work: Work) -> int:
    """Delete some gifts of carts that nobody came back to; returns how many."""
    return await work.execute(FORGET)


def _variant(cart: CartRow, line_id: UUID | None) -> UUID:
    line = next((line for line in cart.lines if line.id == line_id), None)
    if line is None:
        raise NotFound(what="line in this cart", path=("input", "lineId"))
    return line.variant_id
