"""What carts and orders have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import strawberry

from core import catalog, matching, money, pricing, stores, transfers
from core.carts import OutOfDeliveryArea
from core.catalog import VariantRow
from core.inventory import OutOfStock, ShortLine
from core.orders import FreeSlot, OrderRules
from core.transfers import Want
from core.work import Work
from schema.catalog import ProductVariant
from schema.common import Money
from schema.context import Info
from schema.errors import UserError, error_type
from schema.fields import batched, field, row_type
from schema.stores import StoreMatch


@dataclass(frozen=True, slots=True)
class Given:
    """An adjustment that was applied."""

    kind: str
    source: str
    label: str
    amount: money.Money


@row_type(pricing.Totals)
class Totals:
    """What it comes to: payable is items - discounts + fees + delivery - points."""

    items: Money = field("The goods.")
    discounts: Money = field("What is taken off the goods.")
    fees: Money = field("What is added besides delivery.")
    delivery: Money = field("What bringing it costs, less what is taken off that.")
    points: Money = field("What points pay for.")
    payable: Money = field("What is left to pay.")


@strawberry.type(description="Why an amount was added or taken off.")
class Adjustment:
    kind: str = field(
        "DISCOUNT (off the goods), FEE (added), DELIVERY (off the delivery fee) or POINTS (paid by them)."
    )
    source: str = field("The rule or plugin that gave it.")
    label: str = field("The reason, for people.")
    amount: Money = field("How much; negative when it is taken off. They lead from the goods to what is to be paid.")


@row_type(FreeSlot)
class Slot:
    """A span of time in which an order can be collected or brought."""

    start: datetime = field("When it begins.")
    end: datetime = field("When it ends.")
    remaining: int | None = field("How many orders it still takes; null: any number, or it is chosen already.")
    fee: Money | None = field("What a delivery costs then; null where it is chosen already.")


@row_type(ShortLine)
class StockShortageLine:
    """A variant of which the store has less than is wanted."""

    wanted: int = field("How much was wanted.")
    available: int = field("How much there is.")


@error_type(OutOfStock)
class StockShortage(UserError):
    """The store does not have all of it; and where else it is to be had."""

    lines: list[StockShortageLine] = field("What is short.")


@error_type(OutOfDeliveryArea)
class DeliveryAreaMissed(UserError):
    """The store does not deliver there; and which stores do."""

    alternatives: list[StoreMatch] = field("Stores that could serve the shopper instead.", cost=50)


@batched(StockShortageLine, ProductVariant, name="variant")
async def short_variant(lines: Sequence[ShortLine], info: Info) -> Sequence[VariantRow | None]:
    """What is short."""
    return await catalog.variants_sold(info.work, [line.variant_id for line in lines])


@batched(StockShortageLine, list[StoreMatch], cost=30, name="alternatives")
async def elsewhere(lines: Sequence[ShortLine], info: Info) -> list[list[matching.StoreMatch]]:
    """The nearest stores that have all of it."""
    shops = await stores.by_ids(info.work, [line.store_id for line in lines])
    found: dict[tuple[UUID, UUID], list[matching.StoreMatch]] = {}
    most = info.work.rules(stores.StoreRules).shortage_alternatives
    for shop in {shop.id: shop for shop in shops if shop is not None}.values():
        wanted = {line.variant_id: line.wanted for line in lines if line.store_id == shop.id}
        matches = await matching.stocking(info.work, shop.location, wanted, most)
        found.update(zip([(shop.id, variant) for variant in wanted], matches, strict=True))
    return [found.get((line.store_id, line.variant_id), []) for line in lines]


@batched(StockShortageLine, bool, cost=2)
async def transfer_available(lines: Sequence[ShortLine], info: Info) -> list[bool]:
    """Whether another place has what is missing, so that the shopper may wait for it: `acceptTransfer`."""
    wants = [[Want(line.store_id, *one) for one in line.missing.items()] for line in lines]
    found = await transfers.sources(info.work, [want for some in wants for want in some])
    return [all(found.get(want) for want in some) for some in wants]


def adjustments_of(totals: pricing.Totals, steps: Sequence[Given]) -> list[Adjustment]:
    """Why the payable amount is not that of the goods: what was applied, and the whole delivery fee."""
    given = [
        Adjustment(kind=one.kind, source=one.source, label=one.label, amount=one.amount)  # type: ignore[arg-type]  # Money is read off what core calls Money
        for one in steps
    ]
    off = sum(one.amount.minor for one in steps if one.kind == "DELIVERY")
    fee = money.Money(totals.delivery.minor - off, totals.delivery.currency)
    if fee.minor:
        given.append(Adjustment(kind="FEE", source="pricing.delivery_fee", label="Delivery", amount=fee))  # type: ignore[arg-type]  # the same
    return given


def slot_of(work: Work, store_id: UUID | None, start: datetime | None) -> FreeSlot | None:
    """The slot of a store that begins then."""
    if start is None:
        return None
    length = timedelta(minutes=work.rules(OrderRules, store_id).slot_minutes)
    return FreeSlot(start=start, end=start + length, remaining=None, fee=None)
