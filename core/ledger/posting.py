"""Posting transfers: all of them together, in as many statements as one of them takes."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core import clock
from core.ids import new_id
from core.ledger.account import Account, Lot, Part
from core.ledger.holding import Held, hold, read_lots
from core.ledger.journal import Journal, sides_of
from core.ledger.settling import offset, settle
from core.ledger.transfer import Answer, Key, Own, Posted, Short, Transfer
from core.ledger.undoing import Taken, read_taken
from core.work import Work


@dataclass(slots=True)
class _Turn:
    """Accounts that are held, and what is to be written of them."""

    held: Held
    now: datetime
    taken: dict[UUID, Taken]  #: by transactions that are undone
    journal: Journal = field(default_factory=Journal)
    posted: dict[Key, UUID] = field(default_factory=dict)


async def post(work: Work, transfers: Sequence[Transfer]) -> list[Answer]:
    """Post each transfer that its giver can give, once, in turn; the answer stands in the transfer's place."""
    if not transfers:
        return []
    turn = await _begin(work, transfers)
    answers = [_answer(turn, one) for one in transfers]
    turn.journal.write(work, turn.now, turn.held.accounts.values())
    return answers


async def _begin(work: Work, transfers: Sequence[Transfer]) -> _Turn:
    """Lock what is concerned, then read it: nobody changes it until this transaction ends."""
    places = {(one.unit, party) for one in transfers for party in (one.giver, one.taker)}
    places |= {(one.unit, Own.EXPIRED) for one in transfers if not isinstance(one.giver, Own)}
    keys = {key for one in transfers for key in (one.key, one.of, one.undoes) if key is not None}
    held = await hold(work, places, keys)
    new = [one for one in transfers if one.key not in held.known]
    turn = _Turn(held, clock.now(), await read_taken(work, _known(held, {one.undoes for one in new})))
    await _read_givers(work, turn, [one for one in new if not isinstance(one.giver, Own)])
    return turn


async def _read_givers(work: Work, turn: _Turn, transfers: Sequence[Transfer]) -> None:
    """What is due of a giver's lots is done before anything is taken of them."""
    wanted = Counter[UUID]()
    for one in transfers:
        wanted[turn.held.ids[one.unit, one.giver]] += one.amount
    accounts = {key: turn.held.accounts[key] for key in wanted}
    await read_lots(work, accounts, wanted, turn.now, _known(turn.held, {one.of for one in transfers}))
    for account in accounts.values():
        settle(turn.journal, account, turn.held.ids[account.unit, Own.EXPIRED], turn.now)


def _known(held: Held, keys: Collection[Key | None]) -> list[UUID]:
    return [held.known[key] for key in keys if key is not None and key in held.known]


def _answer(turn: _Turn, transfer: Transfer) -> Answer:
    if transfer.amount <= 0:
        raise ValueError(f"{transfer.key} is to transfer {transfer.amount}")
    known = turn.held.known.get(transfer.key) or turn.posted.get(transfer.key)
    if known is not None:
        return Posted(known, new=False)
    parts = _parts(turn, transfer)
    if isinstance(parts, Short):
        return parts
    turn.posted[transfer.key] = _transact(turn, transfer, parts)
    return Posted(turn.posted[transfer.key])


def _parts(turn: _Turn, transfer: Transfer) -> list[Part] | Short:
    """Of which lots the amount comes, or has come; the brand's own is of none."""
    if transfer.undoes is not None:
        taken = turn.taken.get(turn.held.known.get(transfer.undoes, UUID(int=0)))
        return taken.back(transfer.amount) if taken is not None else Short(0)
    giver = turn.held.account(transfer.unit, transfer.giver)
    if giver is None:
        return [Part(None, transfer.amount)]
    made_by = turn.held.known.get(transfer.of) if transfer.of is not None else None
    first = [lot for lot in giver.lots.values() if lot.left and lot.transaction_id == made_by]
    return giver.take(transfer.amount, owing=transfer.owing, first=first)


def _transact(turn: _Turn, transfer: Transfer, parts: Sequence[Part]) -> UUID:
    """Have the transaction, and of what its taker is given one lot for each part."""
    ids, transaction_id = turn.held.ids, new_id()
    whole = [Part(None, transfer.amount)]
    giving = whole if isinstance(transfer.giver, Own) else parts
    taker = turn.held.account(transfer.unit, transfer.taker)
    lots = [_lot(transfer, transaction_id, taker, part) for part in parts] if taker is not None else []
    taking = [Part(lot, lot.size) for lot in lots] or whole
    sides = [
        *sides_of(ids[transfer.unit, transfer.giver], giving, -1),
        *sides_of(ids[transfer.unit, transfer.taker], taking, 1),
    ]
    undoes = turn.held.known[transfer.undoes] if transfer.undoes is not None else None
    turn.journal.post(transaction_id, transfer.unit, transfer.key, sides, undoes=undoes, note=transfer.note)
    for lot in lots:
        offset(turn.journal, turn.held.accounts[lot.account_id], lot)
    return transaction_id


def _lot(transfer: Transfer, transaction_id: UUID, account: Account, part: Part) -> Lot:
    """A new lot of an account; what was a lot before is good for as long as that was."""
    until = transfer.expires_at if part.lot is None else part.lot.expires_at
    if part.lot is not None and until is not None and transfer.expires_at is not None:
        until = max(until, transfer.expires_at)
    since = transfer.available_at if transfer.pending else None
    lot = Lot(new_id(), account.id, transaction_id, part.amount, 0, transfer.pending, since, until)
    account.add(lot)
    return lot
