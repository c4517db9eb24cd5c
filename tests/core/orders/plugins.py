"""Small plugins made up for tests of the checkout; each is no more than one hook needs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core.errors import DomainError, Invalid
from core.hooks import hookimpl
from core.orders import Checkout, Hold, Release
from core.pricing import Adjustment, Basket, Charge, Declined, Offer, Stage, TakeOff
from core.work import Work

CODE = "SAVE5"


def off(minor: int, source: str = "saver", *, code: str | None = None) -> Adjustment:
    """Some amount off the whole cart."""
    return Adjustment(stage=Stage.COUPON, source=source, label="Off", reason="a test", effect=TakeOff(minor), code=code)


@dataclass(eq=False)
class Saver:
    """Five yuan off for a code, from ten yuan on."""

    asked: int = 0

    @hookimpl
    async def redeem_code(self, code: str) -> str | None:
        return "Five off" if code == CODE else None

    @hookimpl
    async def adjust_prices(self, baskets: Sequence[Basket]) -> list[list[Offer]]:
        self.asked += 1
        return [[self._offer(basket)] if CODE in basket.codes_of("saver") else [] for basket in baskets]

    def _offer(self, basket: Basket) -> Offer:
        return off(500, code=CODE) if basket.items >= 1_000 else Declined(CODE, "From ten yuan on.")


@dataclass(eq=False)
class Wrap:
    """A yuan for wrapping, on everything."""

    @hookimpl
    async def adjust_prices(self, baskets: Sequence[Basket]) -> list[list[Offer]]:
        fee = Adjustment(stage=Stage.FEE, source="wrap", label="Wrapping", reason="a test", effect=Charge(100))
        return [[fee] for _ in baskets]


@dataclass(eq=False)
class Waiting:
    """Holds every order."""

    @hookimpl
    async def hold_order(self, checkouts: Sequence[Checkout]) -> list[Hold | None]:
        return [Hold("It waits for others.") for _ in checkouts]


@dataclass(eq=False)
class Seats:
    """So many seats, one for each order; what they are kept in is a table of the plugin's own."""

    released: list[Release] = field(default_factory=list)
    broken: bool = False
    calls: int = 0  #: of release

    @hookimpl
    async def claim(self, work: Work, checkouts: Sequence[Checkout]) -> list[DomainError | None]:
        had = await work.fetch(TAKE, [one.order_id for one in checkouts])
        seated = {row["order_id"] for row in had}
        return [None if one.order_id in seated else Invalid(reason="No seat is left.") for one in checkouts]

    @hookimpl
    async def claim_again(self, work: Work, order_id: UUID) -> DomainError | None:
        had = await work.value(HAS, order_id) or await work.fetch(TAKE, [order_id])
        return None if had else Invalid(reason="No seat is left.")

    @hookimpl
    async def release(self, work: Work, releases: Sequence[Release]) -> None:
        if self.broken:
            raise RuntimeError("out of order")
        self.calls += 1
        self.released += releases
        await work.execute(GIVE_BACK, [one.order_id for one in releases if one.whole])


SEATS = """
CREATE TABLE seats_seat (
    tenant_id bigint NOT NULL DEFAULT current_tenant(), number integer NOT NULL, order_id uuid,
    PRIMARY KEY (tenant_id, number),
    FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id) DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE seats_seat ENABLE ROW LEVEL SECURITY;
ALTER TABLE seats_seat FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON seats_seat USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON seats_seat TO hexmart_app, hexmart_platform;
"""
TAKE = """
WITH free AS (
    SELECT number, row_number() OVER (ORDER BY number) AS turn FROM (
        SELECT number FROM seats_seat WHERE tenant_id = $1 AND order_id IS NULL
        ORDER BY number LIMIT cardinality($2::uuid[]) FOR UPDATE SKIP LOCKED) unlocked
), wanted AS (SELECT * FROM unnest($2::uuid[]) WITH ORDINALITY AS w(order_id, turn))
UPDATE seats_seat s SET order_id = w.order_id FROM free f JOIN wanted w USING (turn)
WHERE s.tenant_id = $1 AND s.number = f.number RETURNING s.order_id
"""
HAS = "SELECT number FROM seats_seat WHERE tenant_id = $1 AND order_id = $2"
GIVE_BACK = "UPDATE seats_seat SET order_id = NULL WHERE tenant_id = $1 AND order_id = any($2::uuid[])"
