"""A hundred scans take as many statements as one."""

from collections.abc import Sequence

import pytest

from core import carts
from core.actors import ANONYMOUS, system
from core.carts import Scan, Scanned, queries
from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.statements import listening
from tests.schema.scanning import BREAD, MILK, label, scan

pytestmark = pytest.mark.anyio
MOST = 128
STATEMENTS = 14  #: BEGIN and COMMIT included, with what the brand's plugins ask; new carts are two of them


async def _sent(application: Application, world: World, scans: Sequence[Scan]) -> list[str]:
    with listening() as sent:
        async with application.platform.open_work(world.tenant, system("test")) as work:
            answers = await carts.scan(work, scans)
    assert all(isinstance(answer, Scanned) for answer in answers)
    return sent


async def test_a_hundred_and_twenty_eight_scans_take_as_many_statements_as_one(
    application: Application, world: World
) -> None:
    store = world.store_keys["S1"]
    new = [Scan(ANONYMOUS, store, MILK if turn % 2 else label(turn + 1)) for turn in range(MOST)]
    await _sent(application, world, new[:1])
    one, many = await _sent(application, world, new[:1]), await _sent(application, world, new)
    print(f"new carts: {len(one)} statements for 1 scan, {len(many)} for {MOST}")  # noqa: T201 - the figure is wanted
    assert many == [statement.replace(queries.ONE, queries.WHOLE) for statement in one]  # one is read by its own plan
    assert len(one) <= STATEMENTS


async def test_a_scan_is_answered_out_of_the_transaction_that_has_written_it(client: Client, world: World) -> None:
    cart = (await scan(client, world, BREAD))["cart"]
    asked = {"cartId": cart["id"], "storeId": world.stores["S1"], "barcode": MILK}
    fields = """cart { id version lines { id quantity unitPrice { amount } total { amount } variant { sku name } }
      totals { payable { amount } } }"""
    await client.do("cartScan", asked, fields)
    with listening() as sent:
        await client.do("cartScan", asked, fields)
    print(f"a scan: {len(sent)} statements")  # noqa: T201 - the figure is wanted
    assert [statement for statement in sent if statement.startswith("BEGIN READ ONLY")] == []
    assert len(sent) <= STATEMENTS - 2
