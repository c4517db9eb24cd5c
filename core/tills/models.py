"""Table of what tills have told and the books know otherwise."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified


class TillConflict(Identified, Base):
    """Something about a till's sale that somebody has to look at, until somebody has."""

    __tablename__ = "till_conflict"
    store_id: Mapped[UUID]
    reference: Mapped[str]
    kind: Mapped[str]
    variant_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    found_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    note: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "fingerprint"),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        CheckConstraint(
            "CASE kind WHEN 'STOCK_SHORT' THEN order_id IS NOT NULL AND variant_id IS NOT NULL"
            " WHEN 'PRICE_DIFFERS' THEN order_id IS NOT NULL AND variant_id IS NOT NULL"
            " WHEN 'REFUSED' THEN order_id IS NULL ELSE false END",
            name="kind",
        ),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled"),
        Index("ix_till_conflict_store", "tenant_id", "store_id", "id"),
        Index("ix_till_conflict_reference", "tenant_id", "store_id", "reference"),
        Index("ix_till_conflict_open", "tenant_id", "store_id", "id", postgresql_where=text("settled_at IS NULL")),
        Index("ix_till_conflict_order", "tenant_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
    )
