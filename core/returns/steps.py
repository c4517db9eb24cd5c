"""The steps of a return: each is a compare-and-set under its order's lock, told to whoever follows the order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import audit, clock, orders
from core.actors import Actor
from core.errors import NotFound
from core.machine import BUYER, Transition
from core.orders import OrderRow
from core.returns.errors import ReturnState
from core.returns.events import ReturnChanged
from core.returns.machine import ENDED, RETURNING
from core.returns.permissions import MANAGE, RECEIVE
from core.returns.queries import by_id, owned
from core.returns.rows import ReturnRow
from core.work import Work

PATH = ("input", "returnId")

MOVE = """
UPDATE sales_return SET status = $3, moved_by = $4, due_at = $5, ended_at = $6, answer = coalesce($7, answer)
WHERE tenant_id = $1 AND id = $2 AND status = any($8::text[])
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What was done; `repeated` when the same actor had done it before."""

    return_id: UUID
    repeated: bool = False


def hands_of(found: ReturnRow, actor: Actor) -> list[str]:
    """As what somebody may act: staff of the store that takes the goods, the buyer."""
    held = [one.name for one in (MANAGE, RECEIVE) if actor.may(one.name, found.store_id)]
    return [*held, BUYER] if owned(found, actor) else held


def allowed_actions(found: ReturnRow, actor: Actor) -> list[str]:
    """The mutations that this actor may call on the return as it stands."""
    return RETURNING.open_to(found.status, found.kind, hands_of(found, actor), held=False)


async def hold(work: Work, return_id: UUID | None, steps: Sequence[Transition]) -> tuple[OrderRow, ReturnRow]:
    """A return and its order, held, for whoever may take one of these steps; as it is once the order is held."""
    found = await by_id(work, return_id) if return_id is not None else None
    hands = {hand for step in steps for hand in step.by}
    if found is None or hands.isdisjoint(hands_of(found, work.actor)):
        raise NotFound(what="return", path=PATH)
    order = await orders.lock(work, found.order_id)
    found = await by_id(work, found.id)
    assert order is not None, "a return without its order"
    assert found is not None, "returns stay"
    return order, found


def repeated(work: Work, found: ReturnRow, steps: Sequence[Transition]) -> bool:
    """Whether a return stands where these steps lead because the same actor has taken it there."""
    reached = {step.to for step in steps if found.kind in step.kinds}
    return found.status in reached and found.moved_by == work.actor.label


async def move(
    work: Work,
    order: OrderRow,
    found: ReturnRow,
    steps: Sequence[Transition],
    *,
    due_at: datetime | None = None,
    answer: str | None = None,
    note: str | None = None,
) -> None:
    """Carry a return over to where the one of the steps leads that is for its kind; refuses from anywhere else."""
    step = next((one for one in steps if found.kind in one.kinds), None)
    now = clock.now()
    if step is None or not await work.execute(
        MOVE,
        found.id,
        step.to,
        work.actor.label,
        due_at,
        now if step.to in ENDED else None,
        answer,
        list(step.after),
    ):
        raise ReturnState(status=found.status, path=PATH)
    await tell(work, order, found, step, note=note or answer)


async def tell(work: Work, order: OrderRow, found: ReturnRow, step: Transition, *, note: str | None) -> None:
    """Have the timeline, the log of what staff do and whoever listens know of a step."""
    assert step.told is not None, "a step is told"
    await orders.record(work, order, step.told, note=note)
    action = step.told.replace("_", ".", 1)
    facts = {"kind": found.kind, "status": step.to}
    await audit.record_if_staff(work, action, "Return", found.id, store_id=found.store_id, after=facts)
    changed = ReturnChanged(
        return_id=found.id, order_id=order.id, store_id=found.store_id, kind=found.kind, status=step.to
    )
    work.emit(changed)
