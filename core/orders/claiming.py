"""Taking what goes with orders: what plugins claim and, last of all, stock. All of an order's or nothing of it."""

from collections.abc import Sequence
from uuid import UUID

from core.errors import DomainError
from core.orders import booking, waiting
from core.orders.candidates import Candidate
from core.work import Work

REPETITIONS = 3  #: of a batch without those it was refused to; then each order is tried by itself
Refusals = dict[UUID, DomainError]  #: by order


class _TakenInVain(Exception):
    """Something of a batch was refused: what was claimed for all of it is to be undone."""


async def secure(work: Work, candidates: Sequence[Candidate]) -> Refusals:
    """Take everything that goes with each order; those that could not have it all have had nothing."""
    if not _concern_plugins(work, candidates):
        return await _take(work, candidates)
    refusals: Refusals = {}
    for _ in range(REPETITIONS):
        waiting = [one for one in candidates if one.order_id not in refusals]
        refused = await _take_or_undo(work, waiting) if waiting else {}
        if not refused:
            return refusals
        refusals |= refused
    for one in candidates:
        if one.order_id not in refusals:
            refusals |= await _take_or_undo(work, [one])
    return refusals


def _concern_plugins(work: Work, candidates: Sequence[Candidate]) -> bool:
    """Whether a plugin may write something for any of them, which has to be undone where stock is short."""
    baskets = [one.checkout.basket for one in candidates]
    return any(work.hooks.concerns(hook, baskets) for hook in ("claim", "hold_order"))


async def _take_or_undo(work: Work, candidates: Sequence[Candidate]) -> Refusals:
    refused: Refusals = {}
    try:
        async with work.savepoint():
            refused = await _take(work, candidates)
            if refused:
                raise _TakenInVain
    except _TakenInVain:
        pass
    return refused


async def _take(work: Work, candidates: Sequence[Candidate]) -> Refusals:
    """Claims, then holds, which know what was claimed, then slots, then stock, whose rows others wait for most."""
    refusals = await _claim(work, candidates)
    refusals |= await _hold(work, [one for one in candidates if one.order_id not in refusals])
    refusals |= await booking.full(work, [one for one in candidates if one.order_id not in refusals])
    rest = [one for one in candidates if one.order_id not in refusals]
    short = await waiting.reserve(work, rest)
    told = zip(rest, short, strict=True)
    return refusals | {one.order_id: one.told(refusal) for one, refusal in told if refusal is not None}


async def _claim(work: Work, candidates: Sequence[Candidate]) -> Refusals:
    if not candidates or not work.hooks.answers("claim"):
        return {}
    said = await work.hooks.refusals(work, "claim", [one.checkout for one in candidates])
    return {one.order_id: refusal for one, refusal in zip(candidates, said, strict=True) if refusal is not None}


async def _hold(work: Work, candidates: Sequence[Candidate]) -> Refusals:
    if not candidates or not work.hooks.answers("hold_order"):
        return {}
    refusals: Refusals = {}
    said = await work.hooks.holds(work, [one.checkout for one in candidates])
    for one, holds in zip(candidates, said, strict=True):
        if isinstance(holds, DomainError):
            refusals[one.order_id] = holds
        else:
            one.holds = holds
    return refusals
