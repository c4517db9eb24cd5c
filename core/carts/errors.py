"""Why a cart could not be changed or ordered."""

from collections.abc import Sequence
from uuid import UUID

from core.errors import DomainError
from core.matching import StoreMatch


class CartOrdered(DomainError):
    """This cart has become an order already."""

    def __init__(self, order_id: UUID, *, path: tuple[str, ...] = ()) -> None:
        super().__init__(path=path)
        self.order_id = order_id


class OtherStore(DomainError):
    """This cart is not for this store: begin a new one, or bring it here by cartFulfilmentSet."""


class StoreClosed(DomainError):
    """{store} is closed now: choose a time slot or another store."""


class OutOfDeliveryArea(DomainError):
    """{store} does not deliver to this address."""

    def __init__(self, store: str, alternatives: Sequence[StoreMatch], *, path: tuple[str, ...] = ()) -> None:
        super().__init__(path=path, store=store)
        self.alternatives = list(alternatives)
