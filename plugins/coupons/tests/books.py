"""A model of coupons and orders: what must be so after each deed, in a few lines and without a database."""

from dataclasses import dataclass, field
from uuid import UUID

TOTAL, PER_MEMBER = 5, 2


@dataclass
class Coupon:
    id: UUID
    holder: int
    state: str = "UNUSED"
    order: int | None = None


@dataclass
class Order:
    id: UUID
    state: str = "PENDING"
    sent_back: int = 0  #: of its two pieces


@dataclass
class Books:
    """What members have claimed and ordered."""

    coupons: list[Coupon] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

    def may_claim(self, holder: int) -> bool:
        return len(self.coupons) < TOTAL and len(self.of(holder)) < PER_MEMBER

    def of(self, holder: int) -> list[Coupon]:
        return [coupon for coupon in self.coupons if coupon.holder == holder]

    def place(self, order_id: UUID, coupon: Coupon) -> None:
        coupon.state, coupon.order = "TAKEN", len(self.orders)
        self.orders.append(Order(order_id))

    def hear_of_payment(self, number: int) -> None:
        for coupon in self.coupons:
            if coupon.order == number and coupon.state == "TAKEN":
                coupon.state = "USED"

    def cancel(self, number: int) -> None:
        self.orders[number].state = "CANCELLED"
        self._give_back(number)

    def send_one_back(self, number: int) -> None:
        order = self.orders[number]
        order.sent_back += 1
        if order.sent_back == 2:
            order.state = "REFUNDED"
            self._give_back(number)

    def _give_back(self, number: int) -> None:
        for coupon in self.coupons:
            if coupon.order == number:
                coupon.state, coupon.order = "UNUSED", None
