"""Following orders: each field is asked again whenever something was told of an order that it is about."""

from strawberry import ID

from core import orders
from core.errors import NotFound
from core.orders import OrderRow, Topic
from schema import relay
from schema.context import Info
from schema.fields import PUBLIC, subscription
from schema.orders import Order


async def _one_order(_: Info, id: ID) -> Topic:
    return Topic(order_id=relay.key_or_nothing("Order", id))


async def _orders_of_store(info: Info, store_id: ID) -> Topic:
    return Topic(store_id=await orders.require_store(info.work, relay.key_of("Store", store_id)))


@subscription(Order, access=PUBLIC, follows=_one_order)
async def order_updated(info: Info, id: ID) -> OrderRow:
    """An order as it is now, and again whenever it has changed; for its buyer by id, and for its store's staff."""
    found = (await orders.visible(info.work, [relay.key_or_nothing("Order", id)]))[0]
    if found is None:
        raise NotFound(what="order", path=("id",))
    return found


@subscription(Order, access=orders.READ, follows=_orders_of_store)
async def store_orders(info: Info, store_id: ID) -> OrderRow:
    """Every order of a store that is placed or changes from now on, as it is then."""
    store = await orders.require_store(info.work, relay.key_of("Store", store_id))
    assert info.changed is not None, "it follows a store"
    found = (await orders.visible(info.work, [info.changed]))[0]
    if found is None or found.store_id != store:
        raise NotFound(what="order")
    return found
