"""Who may call what."""

import pytest

from hexmart.testing import Client, World
from tests.schema.conftest import Number
from tests.schema.shop import buy, read

pytestmark = pytest.mark.anyio
ORDERS, MEMBERS = "query { orders { totalCount } }", "query { members { totalCount } }"
SALE = 'storeId: "x", externalReference: "1", soldAt: "2025-05-04T10:00:00Z", lines: [], paid: "1"'
STEPS = ["orderAccept", "orderReject", "orderPrepare", "orderReady", "orderDispatch", "orderComplete"]


def mutation(field: str, given: str, order: str = "") -> str:
    return f"mutation {{ {field}(input: {{{given.replace('ORDER', order)}}}) {{ userErrors {{ code }} }} }}"


STAFF_ONLY = [
    ORDERS,
    MEMBERS,
    *[mutation(step, 'orderId: "ORDER"') for step in STEPS],
    mutation("orderVerify", 'code: "1", storeId: "x"'),
    mutation("posSaleRecord", SALE),
    mutation("stockAdjust", 'locationId: "x", variantId: "x", delta: 1, reason: "x", idempotencyKey: "1"'),
    mutation("refundCreate", 'orderId: "ORDER", reason: "x", idempotencyKey: "1"'),
]


@pytest.mark.parametrize("document", STAFF_ONLY)
async def test_what_is_for_staff_is_for_no_guest_and_no_member(
    client: Client, world: World, member: Client, document: str
) -> None:
    order = await buy(client, world)
    asked = document.replace("ORDER", order["id"])
    assert (await client.code(asked), await member.code(asked)) == ("UNAUTHENTICATED", "FORBIDDEN")
    assert await read(client, order) == order


@pytest.mark.parametrize(
    ("role", "document"),
    [
        ("courier", MEMBERS),
        ("courier", mutation("orderVerify", 'code: "1", storeId: "x"')),
        ("courier", mutation("posSaleRecord", SALE)),
        ("clerk", STAFF_ONLY[-1]),
        ("clerk", STAFF_ONLY[-2]),
        ("clerk.s1", STAFF_ONLY[-1]),
    ],
)
async def test_a_role_reaches_as_far_as_its_permissions(
    client: Client, world: World, number_of: Number, role: str, document: str
) -> None:
    staff = await client.staff(world.email(role))
    assert await staff.code(document) == "FORBIDDEN"
    assert (await staff.run(ORDERS))["orders"] == {"totalCount": 0}
    assert (await number_of("refund"), await number_of("sales_order")) == (0, 0)


async def test_a_brand_runs_no_platform(client: Client, world: World) -> None:
    owner = await client.staff(world.email("owner"))
    made = mutation("tenantCreate", 'slug: "new-brand", name: "New", ownerEmail: "a@b.example"')
    assert (await owner.code(made), await client.code(made)) == ("FORBIDDEN", "FORBIDDEN")
