"""Of what is scanned at the same moment nothing is lost and nothing counted twice."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest

from core import carts
from core.actors import ANONYMOUS, system
from core.carts import Scan, Scanned, queries
from core.database import Transaction
from hexmart.testing import World
from tenants import Platform
from tenants.batches import Bounds, Unsure
from tenants.scans import Scans
from tests.schema.scanning import BREAD, MILK

pytestmark = pytest.mark.anyio

TIMES = 100
PROCESSES = 6
# A transaction that has read what is in a cart stays a moment, so that others read it too.
SLOW_LINES = f"SELECT lines.*, pg_sleep(0.01) FROM ({queries.ONE}) lines"


async def _begun(platform: Platform, world: World) -> UUID:
    async with platform.open_work(world.tenant, system("test")) as work:
        [first] = await carts.scan(work, [_scan(world, BREAD)])
    assert isinstance(first, Scanned)
    return first.cart.id


def _scan(world: World, barcode: str, cart_id: UUID | None = None) -> Scan:
    return Scan(ANONYMOUS, world.store_keys["S1"], barcode, cart_id=cart_id)


async def _scanned_by_several(platform: Platform, world: World, cart_id: UUID) -> dict[UUID, int]:
    """What is in a cart after so many scans by several processes, of which none knows of the others."""
    several = [Scans(platform.open_work, Bounds(most=4, patience=60)) for _ in range(PROCESSES)]
    scan = _scan(world, MILK, cart_id)
    await asyncio.gather(*(several[turn % PROCESSES].put(world.tenant, scan, language="en") for turn in range(TIMES)))
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        [cart] = await carts.by_ids(work, [cart_id])
    assert cart is not None
    return cart.quantities


async def test_a_hundred_scans_of_one_cart_are_a_hundred(platform: Platform, world: World) -> None:
    cart_id = await _begun(platform, world)
    found = await _scanned_by_several(platform, world, cart_id)
    assert found == {world.variant_keys["BREAD"]: 1, world.variant_keys["MILK-1L"]: TIMES}


async def test_without_the_lock_some_would_be_lost(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOCK", queries.LOCK.replace("FOR UPDATE", ""))
    monkeypatch.setattr(queries, "ONE", SLOW_LINES)
    cart_id = await _begun(platform, world)
    found = await _scanned_by_several(platform, world, cart_id)
    assert 1 <= found[world.variant_keys["MILK-1L"]] < TIMES


async def test_a_scan_whose_commit_was_not_answered_is_not_counted_twice(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cart_id = await _begun(platform, world)
    scans, commit = Scans(platform.open_work, Bounds(patience=60)), Transaction.commit

    async def lost(transaction: Transaction) -> None:
        await commit(transaction)
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "commit", lost)
        both = [scans.put(world.tenant, _scan(world, BREAD, cart_id), language="en") for _ in range(2)]
        answers = await asyncio.gather(*both, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unsure, Unsure]
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        [cart] = await carts.by_ids(work, [cart_id])
    assert cart is not None
    assert cart.quantities == {world.variant_keys["BREAD"]: 3}  # and the app reads it


async def test_a_scan_that_is_refused_takes_no_other_with_it(platform: Platform, world: World) -> None:
    cart_id = await _begun(platform, world)
    scans = [
        _scan(world, MILK, cart_id),
        _scan(world, "1", cart_id),
        _scan(world, MILK, world.store_keys["S1"]),
        _scan(world, MILK),
        _scan(world, BREAD, cart_id),
    ]
    async with platform.open_work(world.tenant, system("test")) as work:
        answers = await carts.scan(work, scans)
    assert [_outcome(answer) for answer in answers] == ["ok", "NOT_FOUND", "NOT_FOUND", "ok", "ok"]
    first, _, _, new, last = answers
    assert isinstance(first, Scanned)
    assert isinstance(last, Scanned)
    assert isinstance(new, Scanned)
    assert first.cart is last.cart  # of one cart all see it as all of them have left it
    assert first.cart.quantities == {world.variant_keys["BREAD"]: 2, world.variant_keys["MILK-1L"]: 1}
    assert new.cart.quantities == {world.variant_keys["MILK-1L"]: 1}
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        stored: Sequence[carts.CartRow | None] = await carts.by_ids(work, [first.cart.id, new.cart.id])
    assert [_facts(cart) for cart in stored] == [_facts(first.cart), _facts(new.cart)]


def _outcome(answer: object) -> str:
    return str(getattr(answer, "code", "ok"))


def _facts(cart: carts.CartRow | None) -> object:
    """What a cart says of itself, wherever it came from."""
    assert cart is not None
    lines = [(one.id, one.variant_id, one.quantity, one.unit_price, one.total, one.available) for one in cart.lines]
    return cart.id, cart.version, cart.fulfilment, cart.store_id, cart.expires_at, lines, cart.priced
