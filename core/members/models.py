"""Tables of members, and of the stores that know them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Member(Identified, Base):
    """A shopper the brand knows. The phone is sealed and found by its blind index."""

    __tablename__ = "member"
    phone: Mapped[bytes] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    tier: Mapped[str | None]
    joined_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("tenant_id", "phone_index"),)


class MemberStore(TenantScoped, Base):
    """A member whom a store knows, since something was ordered or bought there."""

    __tablename__ = "member_store"
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"], ondelete="CASCADE"),
        Index("ix_member_store_member", "tenant_id", "member_id"),
    )
