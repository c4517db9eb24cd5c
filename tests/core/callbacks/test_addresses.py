"""Addresses for providers: one for each subject, known again by us alone, replaced and taken away."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from core import callbacks
from core.actors import system
from core.callbacks import CallbackRules, addresses
from core.rules import RuleBook
from core.vault import Vault, owner_of
from hexmart.testing import World
from tenants import Platform

pytestmark = pytest.mark.anyio

SECRET = b"a secret for this test"
MoveClock = Callable[[timedelta], Awaitable[None]]


async def made(platform: Platform, world: World, subject: str = "") -> UUID:
    async with platform.open_work(world.tenant, system("test")) as work:
        return await callbacks.endpoint(work, "dada", "status", subject=subject)


async def stands_for(platform: Platform, world: World, address: UUID) -> str | None:
    """The subject of an address at a brand."""
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        found = await callbacks.find(work, address)
    return None if found is None else found.subject


def test_an_address_says_whose_it_is_to_whoever_has_the_secret() -> None:
    found = [Vault(SECRET, tenant).address() for tenant in (7, 7, 8)]
    assert [owner_of(SECRET, one) for one in found] == [7, 7, 8]
    assert len(set(found)) == 3
    assert not {one.bytes[:8] for one in found[:1]} & {one.bytes[:8] for one in found[1:2]}
    assert owner_of(b"another secret", found[0]) is None


def test_an_address_with_one_bit_changed_is_nobodys() -> None:
    number = Vault(SECRET, 7).address().int
    assert {owner_of(SECRET, UUID(int=number ^ 1 << bit)) for bit in range(128)} == {None}


async def test_each_subject_has_an_address_that_stays_the_same(platform: Platform, world: World) -> None:
    first, again, other = [await made(platform, world, subject) for subject in ("a", "a", "b")]
    assert first == again != other
    assert [await stands_for(platform, world, one) for one in (first, other)] == ["a", "b"]


async def test_two_that_ask_at_once_are_told_the_same(platform: Platform, world: World) -> None:
    assert len(set(await asyncio.gather(*[made(platform, world) for _ in range(4)]))) == 1


async def test_another_brand_sees_nothing_of_it(platform: Platform, world: World, other_world: World) -> None:
    address = await made(platform, world)
    assert await stands_for(platform, other_world, address) is None
    assert await platform.owner_of(address) == world.tenant


async def test_one_that_is_replaced_goes_on_for_a_while(
    platform: Platform, world: World, move_clock: MoveClock
) -> None:
    old = await made(platform, world)
    async with platform.open_work(world.tenant, system("test")) as work:
        new = await callbacks.replace(work, "dada", "status")
    assert await made(platform, world) == new != old
    assert [await stands_for(platform, world, one) for one in (old, new)] == ["", ""]
    await move_clock(addresses.KEPT)
    assert [await stands_for(platform, world, one) for one in (old, new)] == [None, ""]


async def test_one_that_was_told_to_strangers_ends_at_once(platform: Platform, world: World) -> None:
    old = await made(platform, world)
    async with platform.open_work(world.tenant, system("test")) as work:
        await callbacks.replace(work, "dada", "status", keep=timedelta(0))
    assert await stands_for(platform, world, old) is None


async def test_one_that_is_removed_stands_for_nothing(platform: Platform, world: World) -> None:
    gone, stays = await made(platform, world, "gone"), await made(platform, world, "stays")
    async with platform.open_work(world.tenant, system("test")) as work:
        await callbacks.remove(work, "dada", "status", subject="gone")
    assert [await stands_for(platform, world, one) for one in (gone, stays)] == [None, "stays"]


async def test_a_url_says_where_we_are_reached(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await made(platform, world)
    rules = RuleBook({CallbackRules: CallbackRules(public_url="https://api.example.com")})
    monkeypatch.setattr(platform, "rules", rules)
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        assert callbacks.url(work, "dada", address) == f"https://api.example.com/callbacks/dada/{address.hex}"


async def test_there_is_no_url_where_nobody_has_said_how_we_are_reached(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "rules", RuleBook())
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        with pytest.raises(LookupError, match="HEXMART_PUBLIC_URL"):
            callbacks.url(work, "dada", platform.vault(world.tenant.id).address())
