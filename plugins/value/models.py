"""Table of what was paid in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped


class ValueTopUp(TenantScoped, Base):
    """What a member pays in by a payment, and what is given on top; credited once the money is there."""

    __tablename__ = "value_top_up"
    payment_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID]
    amount: Mapped[int]
    bonus: Mapped[int]  # as it was promised when it was begun
    begun_at: Mapped[datetime]
    credited_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "payment_id"], ["payment.tenant_id", "payment.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        CheckConstraint("amount > 0 AND bonus >= 0", name="amount"),
        Index("ix_value_top_up_member", "tenant_id", "member_id", "payment_id"),
    )
