"""PostgreSQL keeps tenants apart: read from its catalog, not from our code."""

import pytest

from tests.architecture.conftest import Connection
from tests.architecture.tables import PROVEN

pytestmark = pytest.mark.anyio


async def unprotected(owner: Connection) -> list[str]:
    return await names(owner, "tenants.row_security")


async def names(owner: Connection, key: str) -> list[str]:
    """What breaks an invariant."""
    return [row["name"] for row in await owner.fetch(PROVEN[key], 0)]


async def test_every_tenant_table_is_under_forced_row_security(owner: Connection) -> None:
    assert not await unprotected(owner)


@pytest.mark.parametrize(
    "careless",
    [
        "CREATE TABLE leak (tenant_id bigint NOT NULL, id uuid)",
        "ALTER TABLE cart DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE cart NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON cart",
        "ALTER POLICY tenant ON cart WITH CHECK (true)",
        "CREATE POLICY support ON cart FOR SELECT USING (true)",
        "ALTER TABLE coupons_coupon NO FORCE ROW LEVEL SECURITY",
        "ALTER POLICY tenant ON group_buy_seat USING (true)",
    ],
)
async def test_a_table_that_leaks_would_be_found(owner: Connection, careless: str) -> None:
    await owner.execute(careless)
    assert await unprotected(owner) in (["cart"], ["leak"], ["coupons_coupon"], ["group_buy_seat"])


async def test_no_view_or_function_goes_round_row_security(owner: Connection) -> None:
    assert not await names(owner, "tenants.bypasses")
    await owner.execute("CREATE VIEW every_cart AS SELECT * FROM cart")
    await owner.execute("CREATE FUNCTION carts() RETURNS bigint LANGUAGE sql SECURITY DEFINER RETURN 1")
    assert await names(owner, "tenants.bypasses") == ["carts", "every_cart"]


async def test_no_tenant_table_has_a_trigger_or_rule(owner: Connection) -> None:
    assert not await names(owner, "tenants.triggers")
    await owner.execute("CREATE RULE never AS ON DELETE TO cart DO INSTEAD NOTHING")
    await owner.execute(
        "CREATE TRIGGER same BEFORE UPDATE ON cart FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    )
    assert await names(owner, "tenants.triggers") == ["never", "same"]


async def test_who_is_no_tenant_is_nobody(owner: Connection) -> None:
    """A pooled connection that once had a tenant keeps the setting, empty."""
    assert await owner.fetchval("SELECT current_tenant()") is None
    await owner.execute("SET LOCAL app.tenant_id = ''")
    assert await owner.fetchval("SELECT current_tenant()") is None
    await owner.execute("SET LOCAL app.tenant_id = '7'")
    assert await owner.fetchval("SELECT current_tenant()") == 7
