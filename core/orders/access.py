"""Whose order it is."""

from core.actors import Actor, ActorKind
from core.orders.permissions import READ
from core.orders.rows import OrderRow


def owned(order: OrderRow, actor: Actor) -> bool:
    """Whether the actor is the order's buyer: the member, or whoever holds the id of a guest's order."""
    if order.member_id is not None:
        return actor.kind == ActorKind.MEMBER and actor.id == order.member_id
    return actor.kind in (ActorKind.ANONYMOUS, ActorKind.MEMBER)


def readable(order: OrderRow | None, actor: Actor) -> bool:
    """Whether the actor may see the order: its buyer by id, or staff of its store."""
    if order is None:
        return False
    return owned(order, actor) or works_on(order, actor)


def readable_by_number(order: OrderRow | None, actor: Actor) -> bool:
    """The same for an order asked for by its number, which is no secret: it never answers a guest."""
    if order is None or actor.kind == ActorKind.ANONYMOUS:
        return False
    return (order.member_id is not None and owned(order, actor)) or works_on(order, actor)


def works_on(order: OrderRow, actor: Actor) -> bool:
    """Whether the actor reads the orders of a store that carries out some of it."""
    return any(actor.may(READ.name, store_id) for store_id in order.stores)
