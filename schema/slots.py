"""When something can be collected or brought."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import ID

from core import orders, stores
from core.orders import FreeSlot
from schema import relay
from schema.checkout import Slot
from schema.context import Info
from schema.enums import FulfilmentKind
from schema.fields import PUBLIC, query
from schema.pages import PAGE, size_of

From = Annotated[datetime | None, strawberry.argument(name="from")]


@query(list[Slot], access=PUBLIC, cost=5, name="slots")
async def list_slots(
    info: Info, store_id: ID, fulfilment: FulfilmentKind, from_: From = None, first: int | None = PAGE
) -> list[FreeSlot]:
    """The slots of a store in their order, full ones too: what begins after `from`, or from now on."""
    size = size_of(first)
    store = (await stores.by_ids(info.work, [relay.key_or_nothing("Store", store_id)]))[0]
    return await orders.free_slots(info.work, store, fulfilment, from_, size) if store is not None else []
