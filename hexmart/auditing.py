"""Proving the books of brands, one after the other, and mending them: what `hexmart audit` does."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import asyncpg

from core import books, dead_letters
from core.actors import system
from core.books import Breach, Mended, Proof, Scope
from core.dead_letters import Search
from tenants import Platform, Tenant

ACTOR = system("hexmart audit")


@dataclass(frozen=True, slots=True)
class Audited:
    """What came of one brand, or of the database itself."""

    name: str  #: the brand's slug
    proof: Proof  #: after whatever was mended
    mended: Sequence[Mended] = ()
    dead: int = 0  #: deliveries that wait for a person


@dataclass(frozen=True, slots=True)
class Report:
    audited: Sequence[Audited]

    @property
    def asked(self) -> set[str]:
        """Invariants by key, each of every brand that it is of."""
        return {one.key for audited in self.audited for one in audited.proof.asked}

    @property
    def broken(self) -> set[str]:
        return {one.invariant.key for audited in self.audited for one in audited.proof.breaches}

    @property
    def rows(self) -> int:
        return sum(audited.proof.rows for audited in self.audited)

    @property
    def summary(self) -> str:
        return f"audit: {len(self.asked - self.broken)}/{len(self.asked)} ok rows={self.rows}"


async def audit(
    platform: Platform, brands: Sequence[Tenant], *, repair: bool, watch: Callable[[Audited], None]
) -> Report:
    """Prove the database's promises once and each brand's books in a snapshot of its own, telling of each."""
    found = []
    if brands:
        found.append(Audited("database", await _prove(platform, brands[0], Scope.PLATFORM)))
        watch(found[-1])
    for brand in brands:
        found.append(await _audit(platform, brand, repair=repair))
        watch(found[-1])
    return Report(found)


async def _audit(platform: Platform, brand: Tenant, *, repair: bool) -> Audited:
    proof = await _prove(platform, brand, Scope.BRAND, Scope.UPKEEP)
    mended = await _mend(platform, brand, proof.breaches) if repair else []
    if mended:
        proof = await _prove(platform, brand, Scope.BRAND, Scope.UPKEEP)
    async with platform.open_work(brand, ACTOR, read_only=True) as work:
        dead = await dead_letters.count(work, Search())
    return Audited(brand.slug, proof, mended, dead)


async def _prove(platform: Platform, brand: Tenant, *scopes: Scope) -> Proof:
    async with platform.open_work(brand, ACTOR, read_only=True) as work:
        return await books.prove(work, *scopes)


async def _mend(platform: Platform, brand: Tenant, breaches: Iterable[Breach]) -> list[Mended]:
    """A transaction for each domain: one that cannot be mended keeps no other from it."""
    mended: list[Mended] = []
    for _, of_domain in groupby(sorted(breaches, key=_domain), key=_domain):
        try:
            async with platform.open_work(brand, ACTOR) as work:
                mended += await books.mend(work, list(of_domain))
        except asyncpg.PostgresError:  # it is told of as broken still
            continue
    return mended


def _domain(breach: Breach) -> str:
    return breach.invariant.domain
