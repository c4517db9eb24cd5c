"""Tables of low stock."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped


class LowStock(TenantScoped, Base):
    """A variant that was seen to run low at a place and has not been seen to be above again: told of once."""

    __tablename__ = "low_stock"
    location_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "location_id", "variant_id"], ["stock.tenant_id", "stock.location_id", "stock.variant_id"]
        ),
    )


class LowStockWatch(TenantScoped, Base):
    """How far a brand's stock was looked at: one row."""

    __tablename__ = "low_stock_watch"
    seen: Mapped[UUID]  #: of movements and orders, the id up to which they were looked at
    round_at: Mapped[datetime]  #: when all of the stock is looked at next
    location_id: Mapped[UUID | None]  #: where the round is that is under way
    variant_id: Mapped[UUID | None]
