"""The bundled plugins promise what every plugin promises, and a plugin that does not is found."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.books import Invariant, Mending
from hexmart.plugins import Installed, discover
from hexmart.testing import contract
from hexmart.testing.contract import *  # noqa: F403

pytestmark = pytest.mark.anyio
BUNDLED = {one.name: one for one in discover()}
OwnerCheck = Callable[[Installed, AsyncConnection], Awaitable[None]]


@pytest.fixture(params=list(BUNDLED.values()), ids=list(BUNDLED))  # type: ignore[no-redef]  # instead of what a module says
def plugin(request: pytest.FixtureRequest) -> Installed:
    """Each in its turn."""
    found: Installed = request.param
    return found


@pytest.mark.parametrize(
    ("check", "planted"),
    [
        (contract.test_its_tables_show_a_brand_no_other_brands_rows, "DISABLE ROW LEVEL SECURITY"),
        (contract.test_its_tables_take_no_row_for_another_brand, "DISABLE ROW LEVEL SECURITY"),
        (contract.test_its_migrations_make_what_its_models_say, "DISABLE ROW LEVEL SECURITY"),
        (contract.test_its_migrations_make_what_its_models_say, "ADD COLUMN colour text"),
    ],
)
async def test_a_table_that_is_not_as_it_has_to_be_is_found(
    owner: AsyncConnection, check: OwnerCheck, planted: str
) -> None:
    await owner.execute(text(f"ALTER TABLE coupons_campaign {planted}"))
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        await check(BUNDLED["coupons"], owner)


class Careless:
    """A plugin whose invariants are not as they have to be."""

    def __init__(self, key: str, broken: str, change: str) -> None:
        self.kept = Invariant(key=key, sentence="x", broken=broken, mending=Mending(LOCK, change))

    def register_invariants(self) -> list[Invariant]:
        return [self.kept]


LOCK = "SELECT id FROM coupons_campaign WHERE tenant_id = $1 ORDER BY id FOR UPDATE"
NOTHING = "SELECT id FROM coupons_campaign WHERE tenant_id = $1"
CHANGE = "UPDATE coupons_campaign SET issued = 0 WHERE tenant_id = $1 AND id = any($2::uuid[])"


@pytest.mark.parametrize(
    ("key", "broken", "change"),
    [
        ("orders.issued", NOTHING, CHANGE),
        ("coupons.issued", "SELECT $1::bigint AS id", CHANGE),
        ("coupons.issued", "SELECT id FROM tenant WHERE id = $1", CHANGE),
        ("coupons.issued", NOTHING, "UPDATE stock SET reserved = 0 WHERE tenant_id = $1"),
    ],
)
async def test_an_invariant_that_is_not_as_it_has_to_be_is_found(
    owner: AsyncConnection, key: str, broken: str, change: str
) -> None:
    check = contract.test_its_invariants_are_asked_and_find_nothing_in_an_empty_brand
    careless = replace(BUNDLED["coupons"], module=Careless(key, broken, change))  # type: ignore[arg-type]
    with pytest.raises(Exception):  # noqa: B017, PT011 - what asks wrongly fails in any way
        async with owner.begin_nested():
            await check(careless, owner)
    await check(replace(careless, module=Careless("coupons.issued", NOTHING, CHANGE)), owner)  # type: ignore[arg-type]


def test_a_schema_that_has_changed_is_found() -> None:
    elsewhere = replace(BUNDLED["coupons"], module=BUNDLED["sandbox"].module)
    with pytest.raises(AssertionError, match="hexmart plugin schema coupons"):
        contract.test_its_part_of_the_schema_is_the_printed_one(elsewhere)
