"""Whether what one person may do reaches as far as what another may."""

from uuid import UUID

from core.access.policy import Grants
from core.access.roles import EVERYTHING

NOWHERE: frozenset[UUID] = frozenset()


def covers(held: Grants, wanted: Grants) -> bool:
    """Whether whoever holds the first may do all of the second, wherever that is; who may do everything may do it."""
    return all(
        _held(held, permission) and _within(stores, reach(held, permission)) for permission, stores in wanted.items()
    )


def reach(held: Grants, permission: str) -> frozenset[UUID] | None:
    """The stores in which somebody may do a thing, because of it alone or because they may do everything."""
    alone, everything = held.get(permission, NOWHERE), held.get(EVERYTHING, NOWHERE)
    return None if alone is None or everything is None else alone | everything


def _held(held: Grants, permission: str) -> bool:
    """Whether somebody may do a thing at all; a region without stores would ask for it nowhere."""
    return permission in held or EVERYTHING in held


def _within(stores: frozenset[UUID] | None, reached: frozenset[UUID] | None) -> bool:
    return reached is None or (stores is not None and stores <= reached)
