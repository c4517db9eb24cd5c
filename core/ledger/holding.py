"""Holding accounts: found or opened, locked in the order of their keys, and read as far as it is needed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from core.ids import new_id
from core.ledger.account import Account, Lot
from core.ledger.transfer import Key, Own, Party, Unit
from core.work import Work

Place = tuple[Unit, Party]  #: whose account of which unit
ENOUGH = 32  #: lots of an account that are read at first; few spend more at once

FIND = """
SELECT a.unit, a.kind, a.member_id, a.id FROM unnest($2::text[], $3::uuid[]) AS w(unit, member_id)
JOIN ledger_account a ON a.unit = w.unit AND a.kind = 'MEMBER' AND a.member_id = w.member_id
WHERE a.tenant_id = $1
UNION ALL SELECT a.unit, a.kind, a.member_id, a.id FROM unnest($4::text[], $5::text[]) AS w(unit, kind)
JOIN ledger_account a ON a.unit = w.unit AND a.kind = w.kind AND a.member_id IS NULL
WHERE a.tenant_id = $1
"""
# In the order of what they are known by: two who open the same ones wait for each other, and not in a circle.
OPEN = """
INSERT INTO ledger_account (tenant_id, id, unit, kind, member_id, may_owe)
SELECT $1, w.* FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::boolean[])
    AS w(id, unit, kind, member_id, may_owe)
ORDER BY w.unit, w.kind, w.member_id
ON CONFLICT (tenant_id, unit, kind, member_id) WHERE successor_id IS NULL DO NOTHING
"""
LOCK = """
SELECT id, unit, available, pending, debt FROM ledger_account
WHERE tenant_id = $1 AND id = any($2::uuid[]) ORDER BY id FOR UPDATE
"""
RECALL = """
SELECT t.kind, t.source, t.id FROM ledger_transaction t JOIN unnest($2::text[], $3::text[]) AS w(kind, source)
  ON t.kind = w.kind AND t.source = w.source WHERE t.tenant_id = $1
"""
LOT = "l.id, l.account_id, l.transaction_id, l.size, l.spent, l.pending, l.available_at, l.expires_at"
LOTS = f"""
SELECT {LOT} FROM unnest($2::uuid[]) AS a(id) CROSS JOIN LATERAL (
    SELECT l.* FROM ledger_lot l WHERE l.tenant_id = $1 AND l.account_id = a.id AND l.spent < l.size
    AND NOT l.pending ORDER BY l.expires_at, l.id LIMIT $5) l
UNION SELECT {LOT} FROM ledger_lot l WHERE l.tenant_id = $1 AND l.account_id = any($2::uuid[]) AND l.spent < l.size
    AND l.pending AND l.available_at <= $3
UNION SELECT {LOT} FROM ledger_lot l WHERE l.tenant_id = $1 AND l.transaction_id = any($4::uuid[])
"""


class Held(NamedTuple):
    """Accounts that are locked, the brand's own that are not, and the transactions that were there before."""

    ids: Mapping[Place, UUID]
    accounts: Mapping[UUID, Account]
    known: Mapping[Key, UUID]

    def account(self, unit: Unit, party: Party) -> Account | None:
        """A member's; of the brand's own nothing has to be known."""
        return self.accounts.get(self.ids[unit, party])


async def hold(work: Work, places: Collection[Place], keys: Collection[Key]) -> Held:
    """Lock the members' accounts among these until the transaction ends, and see which keys are known."""
    found = await _find(work, places)
    missing = [place for place in places if place not in found]
    if missing:
        await _open(work, missing)
        found |= await _find(work, missing)
    accounts = await lock(work, [key for place, key in found.items() if not isinstance(place[1], Own)])
    # Asked with the accounts locked: whoever has posted the same before has committed it.
    rows = await work.fetch(RECALL, [key.kind for key in keys], [key.source for key in keys]) if keys else ()
    return Held(found, accounts, {Key(row["kind"], row["source"]): row["id"] for row in rows})


async def lock(work: Work, ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Hold accounts in the order of their keys."""
    rows = await work.fetch(LOCK, sorted(ids))
    held = [Account(one["id"], Unit(one["unit"]), one["available"], one["pending"], one["debt"]) for one in rows]
    return {account.id: account for account in held}


async def read_lots(
    work: Work,
    accounts: Mapping[UUID, Account],
    wanted: Mapping[UUID, int],
    now: datetime,
    made_by: Sequence[UUID] = (),
) -> None:
    """Have what may be spent of held accounts in turn, what has become available, and what transactions have made."""
    for most in (ENOUGH, None):
        for lot in await work.rows(Lot, LOTS, list(accounts), now, list(made_by), most):
            _put(accounts, lot)
        if all(_enough(one, wanted.get(one.id, 0), now) for one in accounts.values()):
            return


def _put(accounts: Mapping[UUID, Account], lot: Lot) -> None:
    if lot.account_id in accounts:
        lot.was_spent, lot.was_pending = lot.spent, lot.pending
        accounts[lot.account_id].lots.setdefault(lot.id, lot)


def _enough(account: Account, wanted: int, now: datetime) -> bool:
    """Whether its lots cover what is wanted, or are all there are."""
    spendable = [lot for lot in account.lots.values() if not lot.pending]
    if len(spendable) < ENOUGH:
        return True
    return sum(lot.left for lot in spendable if not lot.expired(now)) >= wanted


async def _find(work: Work, places: Collection[Place]) -> dict[Place, UUID]:
    members = [(unit, party) for unit, party in places if not isinstance(party, Own)]
    own = [(unit, party) for unit, party in places if isinstance(party, Own)]
    rows = await work.fetch(
        FIND, [one[0] for one in members], [one[1] for one in members], [one[0] for one in own], [one[1] for one in own]
    )
    return {(Unit(row["unit"]), row["member_id"] or Own(row["kind"])): row["id"] for row in rows}


async def _open(work: Work, places: Sequence[Place]) -> None:
    rows = [
        (new_id(), unit, party if isinstance(party, Own) else "MEMBER", _member(party), unit.may_owe)
        for unit, party in places
    ]
    await work.execute(OPEN, *(list(column) for column in zip(*rows, strict=True)))


def _member(party: Party) -> UUID | None:
    return None if isinstance(party, Own) else party
