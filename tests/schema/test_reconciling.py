"""Another system's numbers: which agree, why the others do not, and what is taken over."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core import clock
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.conftest import Number, Shelf
from tests.schema.shop import Payload, buy, done, refusal
from tests.schema.supplying import record as receive

pytestmark = pytest.mark.anyio
FOUND = """reconciliation { id applied lineCount agreeing accuracyPercent
  differences { code ours theirs delta reason posted unposted variant { sku } } }"""


async def ask(staff: Client, world: World, theirs: dict[str, int], key: str = "1", **more: Any) -> Payload:
    lines = [{"sku": sku, "onHand": number} for sku, number in theirs.items()]
    asked = {"locationId": world.stores["S1"], "takenAt": clock.now().isoformat(), "lines": lines}
    return await staff.do("stockReconcile", asked | {"idempotencyKey": key} | more, FOUND)


async def reconcile(staff: Client, world: World, theirs: dict[str, int], key: str = "1", **more: Any) -> Payload:
    return done(await ask(staff, world, theirs, key, **more), "reconciliation")


def why(found: Payload) -> dict[str, tuple[str, int]]:
    """Reason and delta, by code."""
    return {one["code"]: (one["reason"], one["delta"]) for one in found["differences"]}


async def sell(staff: Client, world: World, sold_at: datetime, key: str = "1", quantity: int = 1) -> None:
    line = {"barcode": "6900000000041", "quantity": quantity, "unitPrice": "12.50"}
    sale = {"externalReference": key, "soldAt": sold_at.isoformat(), "lines": [line], "paid": "12.50"}
    done(await staff.do("posSaleRecord", {"storeId": world.stores["S1"]} | sale, "order { id }"), "order")


async def test_numbers_that_agree_are_counted_and_the_others_are_told_with_their_reason(
    world: World, manager: Client, number_of: Number
) -> None:
    before = await number_of("stock_movement")
    found = await reconcile(manager, world, {"MILK-1L": 100, "BREAD": 97, "APPLE": 1_000, "NOWHERE": 3})
    assert (found["lineCount"], found["agreeing"], found["accuracyPercent"]) == (4, 2, 50.0)
    assert why(found) == {"BREAD": ("UNEXPLAINED", -3), "NOWHERE": ("UNKNOWN_VARIANT", 3)}
    assert found["differences"][1]["variant"] is None
    assert await number_of("stock_movement") == before


async def test_what_came_or_went_since_the_numbers_were_taken_is_no_difference(world: World, manager: Client) -> None:
    taken = clock.now()
    done(await receive(manager, world, {"MILK-1L": 20}), "receipt")
    await sell(manager, world, clock.now(), quantity=4)
    found = await reconcile(manager, world, {"MILK-1L": 100, "BREAD": 100}, takenAt=taken.isoformat())
    assert why(found) == {"MILK-1L": ("MOVED_SINCE", 0), "BREAD": ("MOVED_SINCE", 0)}
    assert found["accuracyPercent"] == 100.0


async def test_a_sale_that_a_till_told_of_afterwards_was_in_the_number_already(world: World, manager: Client) -> None:
    await sell(manager, world, clock.now() - timedelta(minutes=10), "early", 1)
    taken = clock.now()
    await sell(manager, world, taken - timedelta(minutes=5), "late", 4)
    await sell(manager, world, clock.now(), "later", 2)
    found = await reconcile(manager, world, {"BREAD": 95}, takenAt=taken.isoformat())
    assert why(found) == {"BREAD": ("TOLD_LATE", 0)}


async def test_less_is_not_taken_for_wrong_while_tills_may_still_tell_of_sales(
    world: World, manager: Client, shelf: Shelf
) -> None:
    await sell(manager, world, clock.now() - timedelta(minutes=10))
    found = await reconcile(manager, world, {"BREAD": 95, "MILK-1L": 103}, apply=True)
    assert why(found) == {"BREAD": ("AWAITING_TILL", -4), "MILK-1L": ("UNEXPLAINED", 3)}
    assert (await shelf("BREAD"), await shelf()) == ((99, 0), (103, 0))


async def test_what_nothing_explains_is_taken_over_if_asked_and_only_once(
    platform: Platform, world: World, manager: Client, shelf: Shelf, number_of: Number
) -> None:
    taken = clock.now().isoformat()
    theirs = {"MILK-1L": 90, "BREAD": 104, "APPLE": 1_000}
    first, second = [await reconcile(manager, world, theirs, takenAt=taken, apply=True) for _ in range(2)]
    assert first == second
    assert [(one["posted"], one["unposted"]) for one in first["differences"]] == [(-10, 0), (4, 0)]
    assert (await shelf(), await shelf("BREAD")) == ((90, 0), (104, 0))
    third = await reconcile(manager, world, theirs, "another key", takenAt=taken, apply=True)
    assert (third["differences"], third["accuracyPercent"]) == ([], 100.0)
    assert (await shelf(), await number_of("stock_reconciliation")) == ((90, 0), 2)
    assert not await audit(platform, world.tenant)


async def test_what_was_corrected_since_is_not_corrected_again_after_a_sale(
    world: World, manager: Client, shelf: Shelf
) -> None:
    taken = clock.now().isoformat()
    await reconcile(manager, world, {"BREAD": 90}, takenAt=taken, apply=True)
    await sell(manager, world, clock.now(), quantity=5)
    again = await reconcile(manager, world, {"BREAD": 90}, "2", takenAt=taken, apply=True)
    assert why(again) == {"BREAD": ("MOVED_SINCE", 0)}
    assert await shelf("BREAD") == (85, 0)


async def test_what_is_promised_stays_and_the_difference_says_so(
    platform: Platform, world: World, manager: Client, client: Client, shelf: Shelf
) -> None:
    await buy(client, world)
    found = await reconcile(manager, world, {"MILK-1L": 1}, apply=True)
    assert [(one["posted"], one["unposted"]) for one in found["differences"]] == [(-98, -1)]
    assert await shelf() == (2, 2)
    assert not await audit(platform, world.tenant)


async def test_what_was_never_there_begins_with_the_other_systems_number(
    world: World, manager: Client, shelf: Shelf
) -> None:
    found = await reconcile(manager, world, {"BREAD": 7, "APPLE": 0}, locationId=world.stores["S3"], apply=True)
    assert why(found) == {"BREAD": ("NEVER_COUNTED", 7)}
    assert await shelf("BREAD", "S3") == (7, 0)


async def test_goods_are_named_by_barcode_as_well(world: World, manager: Client) -> None:
    lines = [{"barcode": "6900000000010", "onHand": 99}]
    assert why(await reconcile(manager, world, {}, lines=lines)) == {"6900000000010": ("UNEXPLAINED", -1)}


async def test_a_snapshot_of_5000_lines_takes_as_many_statements_as_a_small_one(
    world: World, manager: Client, statements: Any
) -> None:
    sent: list[int] = []
    for number in (2, 4_999):
        theirs = {"MILK-1L": 99 - len(sent)} | {f"NOWHERE-{n}": 1 for n in range(number)}
        with statements() as heard:
            found = await reconcile(manager, world, theirs, str(number), apply=True)
        assert found["lineCount"] == number + 1
        sent.append(len(heard))
    assert sent[0] == sent[1]


@pytest.mark.parametrize(
    ("wrong", "code", "path"),
    [
        ({"locationId": "x"}, "NOT_FOUND", ["input", "locationId"]),
        ({"lines": []}, "INVALID", ["input", "lines"]),
        ({"lines": [{"onHand": 1}]}, "INVALID", ["input", "lines", "sku"]),
        ({"lines": [{"sku": "BREAD", "barcode": "1", "onHand": 1}]}, "INVALID", ["input", "lines", "sku"]),
        ({"lines": [{"sku": "BREAD", "onHand": -1}]}, "INVALID", ["input", "lines", "onHand"]),
        ({"lines": [{"sku": "BREAD", "onHand": 1}] * 2}, "INVALID", ["input", "lines"]),
        ({"takenAt": "2020-01-01T00:00:00Z"}, "INVALID", ["input", "takenAt"]),
        ({"takenAt": "2990-01-01T00:00:00Z"}, "INVALID", ["input", "takenAt"]),
    ],
)
async def test_a_snapshot_that_cannot_be_is_refused(
    world: World, manager: Client, number_of: Number, wrong: dict[str, Any], code: str, path: list[str]
) -> None:
    assert refusal(await ask(manager, world, {"BREAD": 99}, apply=True, **wrong)) == (code, path)
    assert await number_of("stock_reconciliation") == 0


async def test_reconciliations_are_seen_by_whoever_reads_stock_there(
    world: World, manager: Client, clerk_of_s1: Client
) -> None:
    await reconcile(manager, world, {"BREAD": 99})
    await reconcile(manager, world, {"BREAD": 99}, "2", locationId=world.stores["S2"])
    asked = "query($at: ID) { stockReconciliations(locationId: $at) { totalCount nodes { accuracyPercent } } }"
    assert (await manager.run(asked))["stockReconciliations"]["totalCount"] == 2
    assert (await clerk_of_s1.run(asked))["stockReconciliations"]["totalCount"] == 1
    assert (await clerk_of_s1.run(asked, at=world.stores["S2"]))["stockReconciliations"]["nodes"] == []
