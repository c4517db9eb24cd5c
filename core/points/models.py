"""Tables of points: which purchase has earned how many. What members have stands in the ledger."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped


class PointsEarning(TenantScoped, Base):
    """What an order has earned its member, and what of it was taken back with what was paid back."""

    __tablename__ = "points_earning"
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    points: Mapped[int]
    taken_back: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("taken_back BETWEEN 0 AND points", name="taken_back"),
    )


class PointsWish(TenantScoped, Base):
    """How many points are to pay for a cart, as far as the brand allows."""

    __tablename__ = "points_wish"
    cart_id: Mapped[UUID] = mapped_column(primary_key=True)
    points: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "cart_id"], ["cart.tenant_id", "cart.id"], ondelete="CASCADE"),
        CheckConstraint("points >= 0", name="points"),
    )


class PointsSpending(TenantScoped, Base):
    """What an order has taken of its member, and what of it went back."""

    __tablename__ = "points_spending"
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    points: Mapped[int]
    given_back: Mapped[int] = mapped_column(server_default="0")
    again: Mapped[bool] = mapped_column(server_default="false")  # whether it was taken once more, for a late payment

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("given_back BETWEEN 0 AND points", name="given_back"),
    )


class PointsEarningLine(TenantScoped, Base):
    """What of it each line has earned."""

    __tablename__ = "points_earning_line"
    order_line_id: Mapped[UUID] = mapped_column(primary_key=True)
    points: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "order_line_id"], ["sales_order_line.tenant_id", "sales_order_line.id"]),
        CheckConstraint("points >= 0", name="points"),
    )
