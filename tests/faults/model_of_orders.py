"""What becomes of an order, by one who has nothing but the machines' tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core import access
from core.fulfilment.machine import FULFILMENT
from core.machine import BUYER, DELIVERY, PICKUP, Transition
from core.orders.machine import EXPIRED, ORDER, PAID, STANDS

#: who there is, and the stores that their roles reach
STAFF: Mapping[str, set[str] | None] = {
    "clerk": None,
    "clerk.s1": {"S1"},
    "manager": None,
    "courier": None,
    "finance": None,
}
TABLES = (*FULFILMENT.transitions, *ORDER.transitions)
STEPS = sorted({one.action for one in TABLES if one.called and one.after})


@dataclass
class Model:
    """An order that buys two of something which two stores have."""

    kind: str
    agreed: bool
    status: str = "PENDING_PAYMENT"
    parts: list[str] = field(default_factory=list)  #: the last one is carried out, or was
    stores: list[str] = field(default_factory=lambda: ["S1"])
    begun: int = 0  #: payments of which nothing was heard yet
    expired: bool = False
    refunded: bool = False

    @property
    def part(self) -> str:
        return self.parts[-1] if self.parts and self.status in STANDS.values() else "NONE"

    def hands(self, who: str) -> list[str]:
        """What somebody may do with it."""
        if who == BUYER:
            return [BUYER]
        reached = STAFF[who]
        role = {"clerk.s1": "clerk", "manager": "store_manager"}.get(who, who)
        return list(access.ROLES[role].permissions) if reached is None or self.stores[-1] in reached else []

    def fitting(self, who: str, action: str) -> Transition | None:
        """What an action comes to in somebody's hands; None where it is refused."""
        states = ((FULFILMENT, self.part), (ORDER, self.status))
        return next(
            (
                one
                for machine, state in states
                for one in machine.transitions
                if one.action == action and one.fits(state, self.kind, held=False)
                if not set(one.by).isdisjoint(self.hands(who)) and not (action == "refundCreate" and self.refunded)
            ),
            None,
        )

    def allowed(self, who: str) -> set[str]:
        return {action for action in STEPS if self.fitting(who, action) is not None}

    def happen(self, one: Transition) -> None:
        """Go where a transition leads; money comes in the provider's time."""
        if one.action == "paymentStart":
            self.begun += 1
        elif one.action == "orderReject":
            self.lose()
        elif one in FULFILMENT.transitions:
            self.parts[-1] = one.to
            self.status = STANDS[one.to]
        else:
            self.end(one.to)

    def end(self, status: str) -> None:
        self.refunded = self.refunded or self.status != PAID.after[0]
        self.status = status
        self.parts = [part if part in {"DISPATCHED", "DONE", "REJECTED"} else "CANCELLED" for part in self.parts]

    def lose(self) -> None:
        """Its store gives it up: there is one other store that has milk."""
        self.parts[-1] = "REJECTED"
        if self.stores == ["S1"] and (self.kind == DELIVERY or (self.kind == PICKUP and self.agreed)):
            self.stores.append("S2")
            self.parts.append("WAITING")
            self.status = STANDS["WAITING"]
        else:
            self.end("CANCELLED")

    def wait(self) -> None:
        """Time passes for whoever has not paid, or not accepted."""
        if self.status in EXPIRED.after:
            self.status, self.expired = EXPIRED.to, True
        elif self.part == "WAITING" and self.kind == DELIVERY:
            self.lose()

    def be_paid(self) -> None:
        if not self.begun:
            return
        self.begun -= 1
        if self.status in PAID.after or (self.status == EXPIRED.to and self.expired):
            self.status, self.expired = PAID.to, False
            self.parts.append("WAITING")
