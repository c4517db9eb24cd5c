"""Orders of a brand that were brought or not, and what came back of them; accounts of its members."""

from datetime import timedelta

from core import clock, deliveries, orders
from core.actors import system
from core.deliveries import Report, State
from core.deliveries.ending import ask_to_cancel
from core.deliveries.events import ShipmentGivenUp
from core.points.giving_back import give_back
from core.points.taking_back import take_back
from core.work import Work
from hexmart.app import Application
from hexmart.testing import Client, World
from schema.relay import global_id, key_of
from tests.bringing import NAME, employ, found
from tests.ledgers import clawed_back, earned, given_back, join, post, spent
from tests.schema.returning import Counter
from tests.schema.ruling import ruled
from tests.schema.shop import PHONE, Payload, act, buy_delivered, done, fill, place
from tests.schema.test_points import adjusted, refunded
from tests.schema.test_till import record, sale


async def bring(application: Application, world: World) -> None:
    """One was brought, one is on its way, one was called off."""
    platform, tenant = application.platform, world.tenant
    await employ(platform, world)
    guest = Client(application, tenant.slug)
    owner = await guest.staff(world.email("owner"))
    works = platform.works(world.tenant, system("test"))
    for state in (State.DELIVERED, State.PICKED_UP, None):
        order = await buy_delivered(guest, world)
        for step, more in (("orderAccept", {}), ("orderReady", {}), ("orderDispatch", {"provider": NAME})):
            done(await act(owner, step, order, **more), "order")
        shipment = await found(platform, world, order["id"])
        if state is not None:
            await deliveries.hear(works, NAME, Report(at=clock.now(), shipment_id=shipment.id, state=state))
        else:
            wish = {"shipmentId": global_id("Shipment", shipment.id), "reason": "no"}
            done(await owner.do("shipmentCancel", wish, "shipment { id }"), "shipment")
            event = ShipmentGivenUp(shipment_id=shipment.id, order_id=shipment.order_id, reason="no")
            await ask_to_cancel(works, event)


async def bring_back(application: Application, world: World) -> None:
    """Some goods were taken back, some were exchanged, and for others something is kept."""
    guest = Client(application, world.tenant.slug)
    counter = Counter(application.platform, world, guest, guest, guest)
    await counter.sign_in()
    order = await counter.delivered({"MILK-1L": 2})
    await counter.received(await counter.approved(order, {"MILK-1L": 1}, reason="DEFECTIVE"))
    await counter.did(
        "returnHandOver", await counter.received(await counter.approved(order, {"MILK-1L": 1}, "EXCHANGE"))
    )
    await counter.approved(order, {"MILK-1L": 1}, "EXCHANGE")


async def keep_accounts(application: Application, world: World) -> None:
    """Members have earned, spent and been given back; some of it waits, and one owes."""
    platform, soon = application.platform, clock.now() + timedelta(days=30)
    first, second, third = await join(platform, world, 3)
    given = (earned(first, 10, expires_at=soon), earned(second, 5, pending=True), earned(third, 5, "taken back"))
    await post(platform, world, *given)
    await post(platform, world, spent(first, 4, "some"), spent(third, 5))
    await post(platform, world, given_back(first, 1, "some"), clawed_back(third, 5, "taken back"))


async def pay_with_points(application: Application, world: World) -> None:
    """Purchases have earned points, one of them was paid back; orders have cost some, one of them was called off."""
    guest = Client(application, world.tenant.slug)
    owner, member = await guest.staff(world.email("owner")), await guest.member(PHONE)
    for rule, value in (("points.minor_per_point", 100), ("points.minor_each", 5)):
        await ruled(owner, rule, value)
    _, over = [done(await record(owner, sale(world, memberPhone=PHONE, externalReference=n)), "order") for n in "PQ"]
    await refunded(owner, over)
    done(await adjusted(owner, 500), "member")
    placed = [await _placed_with_points(member, world) for _ in range(2)]
    done(await member.do("orderCancel", {"orderId": placed[1]["id"], "idempotencyKey": "c"}, "order { id }"), "order")
    async with application.platform.open_work(world.tenant, system("test")) as work:
        await take_back(work, await _held(work, over), source="back")
        await give_back(work, await _held(work, placed[1]), source="over")


async def _placed_with_points(member: Client, world: World) -> Payload:
    cart = await fill(member, world)
    done(await member.do("cartPointsSet", {"cartId": cart["id"], "points": 100}, "cart { id }"), "cart")
    return await place(member, cart)


async def _held(work: Work, order: Payload) -> orders.OrderRow:
    key = key_of("Order", order["id"])
    found = await orders.lock(work, key) if key is not None else None
    assert found is not None
    return found
