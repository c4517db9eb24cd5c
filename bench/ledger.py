"""Points of one member whom everybody writes to, and of a thousand: transfers a second."""

import itertools
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from bench.client import Unexpected
from bench.data import GROCER
from bench.inside import counted
from bench.measuring import Contestant, Operation, measure
from bench.report import Report
from bench.running import main
from bench.stage import Stage
from core import books, ledger, members
from core.actors import system
from core.books import Scope
from core.ledger import Key, Own, Posted, Transfer, Unit
from tenants import Platform, Tenant

CLIENTS = (1, 8)
SIZES = (1, 20)
MANY = 1_000
ACTOR = system("bench")


@dataclass(slots=True)
class Counter:
    """Where points are earned and spent, of some members in turn."""

    platform: Platform
    tenant: Tenant
    members: Sequence[UUID]
    mark: str = field(default_factory=lambda: secrets.token_hex(6))
    numbers: Iterator[int] = field(default_factory=itertools.count)

    async def open(self) -> None:
        """Give everybody something, so that whoever comes early can spend."""
        keys = [Key("bench.opened", f"{self.mark}-{member}") for member in self.members]
        given = [
            Transfer(key=key, unit=Unit.POINTS, amount=100_000, giver=Own.ISSUED, taker=member)
            for key, member in zip(keys, self.members, strict=True)
        ]
        async with self.platform.open_work(self.tenant, ACTOR) as work:
            await ledger.post(work, given)

    def posting(self, size: int) -> Operation:
        """So many transfers in a transaction of their own."""

        async def post(_: int) -> None:
            transfers = [self._transfer(next(self.numbers)) for _ in range(size)]
            async with self.platform.open_work(self.tenant, ACTOR) as work:
                answers = await ledger.post(work, transfers)
            if not all(isinstance(one, Posted) and one.new for one in answers):
                raise Unexpected(answers)

        return post

    def _transfer(self, number: int) -> Transfer:
        """Every second is spent, of what was earned before."""
        member = self.members[number // 2 % len(self.members)]
        key, unit = Key("bench.posted", f"{self.mark}-{number}"), Unit.POINTS
        if number % 2:
            return Transfer(key=key, unit=unit, amount=10, giver=member, taker=Own.SPENT)
        return Transfer(key=key, unit=unit, amount=10, giver=Own.ISSUED, taker=member)


async def run(stage: Stage) -> Report:
    """One account and a thousand, one transfer at a time and twenty, by one at a time and by eight."""
    report, platform = Report("ledger"), stage.inside.platform
    tenant = await platform.registry.by_slug(GROCER)
    everybody = await _join(platform, tenant)
    for what, some in (("one account", everybody[:1]), ("1,000 accounts", everybody)):
        counter = Counter(platform, tenant, some)
        await counter.open()
        for size, clients in itertools.product(SIZES, CLIENTS):
            contestant = Contestant([counter.posting(size)] * clients, stage.own_meter())
            sample = await measure(contestant, stage.seconds)
            statements = await _counted(platform, counter, size) if clients == 1 else None
            report.add(f"{what}, {size} at once", sample, statements)
            report.facts[f"transfers_per_second_{len(some)}_{size}_by_{clients}"] = round(sample.per_second * size, 1)
    await _prove(platform, tenant)
    return report


async def _join(platform: Platform, tenant: Tenant) -> list[UUID]:
    phones = [f"+8619900{number:06}" for number in range(MANY)]
    async with platform.open_work(tenant, ACTOR) as work:
        return sorted((await members.join_all(work, phones)).values())


async def _counted(platform: Platform, counter: Counter, size: int) -> int:
    async with counted(platform) as seen:
        await counter.posting(size)(0)
    return seen.total()


async def _prove(platform: Platform, tenant: Tenant) -> None:
    async with platform.open_work(tenant, ACTOR, read_only=True) as work:
        proof = await books.prove(work, Scope.BRAND)
    wrong = [one.invariant.key for one in proof.breaches if one.invariant.domain == "ledger"]
    if wrong:
        raise Unexpected(wrong)


if __name__ == "__main__":
    main(ledger=run)
