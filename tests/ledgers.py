"""Members with accounts, and transfers in the words of whoever makes them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import ledger, members
from core.actors import system
from core.ids import new_id
from core.ledger import Answer, BalanceRow, Key, Own, Posted, Transfer, Unit
from hexmart.testing import World
from tenants import Platform

ACTOR = system("test")


async def join(platform: Platform, world: World, many: int = 1) -> list[UUID]:
    """So many new members."""
    phones = [f"+86138{new_id().int % 10**8:08}" for _ in range(many)]
    async with platform.open_work(world.tenant, ACTOR) as work:
        return list((await members.join_all(work, phones)).values())


async def post(platform: Platform, world: World, *transfers: Transfer) -> list[Answer]:
    """Post in a transaction of its own."""
    async with platform.open_work(world.tenant, ACTOR) as work:
        return await ledger.post(work, transfers)


async def balance(platform: Platform, world: World, member_id: UUID, unit: Unit = Unit.POINTS) -> BalanceRow:
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        return (await ledger.balances(work, unit, [member_id]))[member_id]


def earned(
    member_id: UUID,
    amount: int,
    source: str | None = None,
    *,
    unit: Unit = Unit.POINTS,
    expires_at: datetime | None = None,
    pending: bool = False,
    available_at: datetime | None = None,
) -> Transfer:
    return Transfer(
        key=Key("test.earned", source or str(new_id())),
        unit=unit,
        amount=amount,
        giver=Own.ISSUED,
        taker=member_id,
        expires_at=expires_at,
        pending=pending,
        available_at=available_at,
    )


def spent(member_id: UUID, amount: int, source: str | None = None, *, unit: Unit = Unit.POINTS) -> Transfer:
    key = Key("test.spent", source or str(new_id()))
    return Transfer(key=key, unit=unit, amount=amount, giver=member_id, taker=Own.SPENT)


def given_back(member_id: UUID, amount: int, spent_as: str, *, not_before: datetime | None = None) -> Transfer:
    return Transfer(
        key=Key("test.given_back", str(new_id())),
        unit=Unit.POINTS,
        amount=amount,
        giver=Own.SPENT,
        taker=member_id,
        undoes=Key("test.spent", spent_as),
        expires_at=not_before,
    )


def clawed_back(member_id: UUID, amount: int, earned_as: str, *, unit: Unit = Unit.POINTS) -> Transfer:
    return Transfer(
        key=Key("test.clawed_back", str(new_id())),
        unit=unit,
        amount=amount,
        giver=member_id,
        taker=Own.ISSUED,
        of=Key("test.earned", earned_as),
        owing=True,
    )


def gift(giver: UUID, taker: UUID, amount: int) -> Transfer:
    key = Key("test.gift", str(new_id()))
    return Transfer(key=key, unit=Unit.POINTS, amount=amount, giver=giver, taker=taker)


def done(answers: Sequence[Answer]) -> list[UUID]:
    """The transactions, of which none was refused or there before."""
    assert all(isinstance(one, Posted) and one.new for one in answers), answers
    return [one.transaction_id for one in answers if isinstance(one, Posted)]
