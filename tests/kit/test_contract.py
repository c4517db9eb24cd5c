"""The bundled plugins promise what every plugin promises, and a plugin that does not is found."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

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


def test_a_schema_that_has_changed_is_found() -> None:
    elsewhere = replace(BUNDLED["coupons"], module=BUNDLED["sandbox"].module)
    with pytest.raises(AssertionError, match="hexmart plugin schema coupons"):
        contract.test_its_part_of_the_schema_is_the_printed_one(elsewhere)
