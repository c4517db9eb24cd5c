"""What is to be carried, as providers are told of it."""

from uuid import UUID

from core import catalog, contacts, fulfilment, orders, stores
from core.deliveries.provider import Item, Known, Parcel, Sender
from core.deliveries.rows import ShipmentRow
from core.deliveries.rules import DeliveryRules
from core.fulfilment import FulfilmentRow
from core.money import Money
from core.orders import OrderRow
from core.stores import StoreRow
from core.work import Work

_IN_GRAMS = ("GRAM", "MILLILITRE")  # of water, as far as couriers care


async def parcel_of(work: Work, order: OrderRow, part: FulfilmentRow) -> Parcel:
    """A store's part of an order, with everything a courier has to know."""
    address = contacts.open_address(work.vault, order.sealed_address, "sales_order", order.id)
    store = (await stores.by_ids(work, [part.store_id]))[0]
    assert address is not None, "a delivery without its address"
    assert store is not None, "a fulfilment without its store"
    items = await _items(work, order, part.id)
    each = work.rules(DeliveryRules, store.id).piece_grams
    return Parcel(
        order_id=order.id,
        fulfilment_id=part.id,
        number=order.number,
        sender=_sender(store),
        recipient=address,
        items=items,
        worth=Money(sum(item.amount.minor for item in items), order.currency),
        grams=sum(item.quantity * (1 if item.unit in _IN_GRAMS else each) for item in items),
        placed_at=order.placed_at,
        wanted_at=order.slot_start,
        note=order.note,
    )


async def part_of(work: Work, fulfilment_id: UUID) -> FulfilmentRow:
    """The store's part of an order that is carried."""
    found = (await fulfilment.visible(work, [fulfilment_id]))[0]
    assert found is not None, "a call without its fulfilment"
    return found


async def known_of(work: Work, shipment: ShipmentRow) -> Known:
    """A shipment that its provider was asked for, as that is asked about it."""
    store = (await stores.by_ids(work, [shipment.store_id]))[0]
    assert store is not None, "a shipment without its store"
    return Known(shipment.id, shipment.reference, store.code)


async def _items(work: Work, order: OrderRow, part_id: UUID) -> list[Item]:
    carried = {line.order_line_id: line.quantity for line in (await fulfilment.lines_of(work, [part_id]))[0]}
    lines = [line for line in (await orders.lines_of(work, [order.id]))[0] if line.id in carried]
    variants = await catalog.variants_sold(work, [line.variant_id for line in lines])
    found = []
    for line, variant in zip(lines, variants, strict=True):
        assert variant is not None, "a line without what was sold"
        quantity = carried[line.id]
        amount = Money(line.total_minor * quantity // line.quantity, order.currency)
        found.append(Item(variant.name, variant.sku, quantity, variant.unit, amount))
    return found


def _sender(store: StoreRow) -> Sender:
    return Sender(store.id, store.code, store.name, store.phone, store.city, store.address, store.location)
