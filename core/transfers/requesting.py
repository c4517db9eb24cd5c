"""Asking for stock of another place: it is reserved there until it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core import audit, catalog, clock, inventory, stores
from core.errors import Invalid, NotFound
from core.ids import new_id
from core.inventory import Demand
from core.transfers.events import TransferRequested
from core.transfers.permissions import MANAGE
from core.work import Work

MOST_LINES = 200
MOST_OF_A_LINE = 1_000_000
_SOURCE, _DESTINATION, _LINES = (("input", name) for name in ("sourceId", "destinationId", "lines"))

INSERT = """
INSERT INTO transfer (tenant_id, id, source_id, destination_id, order_id, claim, note, requested_at)
SELECT $1, t.*, $8 FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[]) AS t
"""
INSERT_LINES = """
INSERT INTO transfer_line (tenant_id, transfer_id, variant_id, quantity, claimed)
SELECT $1, l.* FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[]) AS l
"""


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """What is to go from where to where; for an order that is paid (CLAIMED) or not yet (OPEN), or for the shelf."""

    source_id: UUID
    destination_id: UUID
    quantities: Mapping[UUID, int]  #: by variant
    note: str | None = None
    order_id: UUID | None = None
    claim: str | None = None
    id: UUID = field(default_factory=new_id)


async def create(work: Work, wanted: NewTransfer) -> UUID:
    """Reserve stock at its source for another place's shelf; raises OutOfStock where there is not enough."""
    await _check(work, wanted)
    demand = Demand(wanted.id, wanted.source_id, wanted.quantities, at_shelf=True)
    short = (await inventory.reserve(work, [demand]))[0]
    if short is not None:
        short.path = _LINES
        raise short
    await request(work, [wanted])
    facts = {"source": wanted.source_id, "destination": wanted.destination_id, "units": sum(wanted.quantities.values())}
    await audit.record_if_staff(
        work, "transfer.requested", "Transfer", wanted.id, store_id=wanted.destination_id, after=facts
    )
    return wanted.id


async def request(work: Work, wanted: Sequence[NewTransfer]) -> None:
    """Write transfers down whose stock has been taken; two statements, however many there are."""
    if not wanted:
        return
    rows = [(t.id, t.source_id, t.destination_id, t.order_id, t.claim, t.note) for t in wanted]
    await work.execute(INSERT, *(list(column) for column in zip(*rows, strict=True)), clock.now())
    lines = [(t.id, key, n, n if t.order_id else 0) for t in wanted for key, n in sorted(t.quantities.items())]
    await work.execute(INSERT_LINES, *(list(column) for column in zip(*lines, strict=True)))
    for one in wanted:
        work.emit(
            TransferRequested(
                transfer_id=one.id,
                source_id=one.source_id,
                destination_id=one.destination_id,
                order_id=one.order_id,
            )
        )


async def _check(work: Work, wanted: NewTransfer) -> None:
    """Refuse what could not be moved, and places that are none of the actor's business."""
    await _check_ends(work, wanted)
    if not 1 <= len(wanted.quantities) <= MOST_LINES:
        raise Invalid(reason=f"A transfer has 1 to {MOST_LINES} lines.", path=_LINES)
    if not all(1 <= quantity <= MOST_OF_A_LINE for quantity in wanted.quantities.values()):
        raise Invalid(reason=f"A quantity lies between 1 and {MOST_OF_A_LINE}.", path=(*_LINES, "quantity"))
    variants = [one for one in await catalog.variants_sold(work, list(wanted.quantities)) if one is not None]
    if len(variants) < len(wanted.quantities):
        raise NotFound(what="variant", path=(*_LINES, "variantId"))
    catalog.require_own_stock(variants, (*_LINES, "variantId"))


async def _check_ends(work: Work, wanted: NewTransfer) -> None:
    ends = (wanted.source_id, wanted.destination_id)
    if not any(work.actor.may(MANAGE.name, place) for place in ends):
        raise NotFound(what="location", path=_DESTINATION)
    if wanted.source_id == wanted.destination_id:
        raise Invalid(reason="It is there already.", path=_DESTINATION)
    for place, path in zip(await stores.locations_by_ids(work, ends), (_SOURCE, _DESTINATION), strict=True):
        if place is None:
            raise NotFound(what="location", path=path)
        if not place.active:
            raise Invalid(reason=f"{place.name} is not in use.", path=path)
