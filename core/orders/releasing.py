"""Orders that end give back stock and what plugins took with them; a plugin that cannot just now is asked again."""

from collections.abc import Collection, Sequence
from uuid import UUID

from core import inventory, transfers
from core.extensions import PluginFailed
from core.orders.checkout import Cause, Release
from core.orders.events import ReleaseOwed
from core.work import Work

# Locked: an order that is paid late takes again what it had, and keeps it.
REINSTATED = """
SELECT status <> 'CANCELLED' FROM sales_order WHERE tenant_id = $1 AND id = $2 FOR UPDATE
"""


async def release(work: Work, releases: Sequence[Release]) -> None:
    """Have plugins give back, in the transaction that ends the orders; it never stands between them and their end."""
    for plugin in await work.hooks.release(work, releases):
        for one in releases:
            work.emit(ReleaseOwed(order_id=one.order_id, plugin=plugin, cause=one.cause, whole=one.whole))


async def owe(work: Work, releases: Sequence[Release]) -> None:
    """Have plugins give back soon, in a transaction of their own: where their rows cannot be waited for."""
    for plugin in work.hooks.asked("release"):
        for one in releases:
            work.emit(ReleaseOwed(order_id=one.order_id, plugin=plugin, cause=one.cause, whole=one.whole))


async def release_again(work: Work, event: ReleaseOwed) -> None:
    """Repeat what a plugin still owes; the outbox tries again, later each time, while it fails."""
    owed = Release(event.order_id, Cause(event.cause), event.whole)
    if owed.cause == Cause.EXPIRED and await work.value(REINSTATED, event.order_id):
        return
    if not await work.hooks.release_of(work, event.plugin, [owed]):
        raise PluginFailed(plugin=event.plugin)


async def give_back_stock(work: Work, order_ids: Sequence[UUID], *, held: Collection[UUID]) -> None:
    """Orders are over: their stock is for sale again, and of those that were held what was promised elsewhere too."""
    promised = await transfers.call_off(work, sorted(held))
    await inventory.release(work, order_ids, also=promised)
