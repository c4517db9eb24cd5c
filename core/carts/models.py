"""Tables of carts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Cart(Identified, Base):
    """What a shopper means to buy, at one store. Address and contact are sealed."""

    __tablename__ = "cart"
    version: Mapped[int] = mapped_column(server_default="1")
    store_id: Mapped[UUID | None]
    fulfilment: Mapped[str]
    member_id: Mapped[UUID | None]
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    slot_start: Mapped[datetime | None]
    order_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    marks: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")  # plugins that have put something on it

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        Index("ix_cart_member", "tenant_id", "member_id", "id", postgresql_where=text("order_id IS NULL")),
        Index("ix_cart_expires", "tenant_id", "expires_at", postgresql_where=text("order_id IS NULL")),
    )


class CartLine(Identified, Base):
    """A variant in a cart; the same variant twice is one line."""

    __tablename__ = "cart_line"
    cart_id: Mapped[UUID]
    variant_id: Mapped[UUID]
    quantity: Mapped[int]

    __table_args__ = (
        UniqueConstraint("tenant_id", "cart_id", "variant_id"),
        ForeignKeyConstraint(["tenant_id", "cart_id"], ["cart.tenant_id", "cart.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        CheckConstraint("quantity > 0", name="quantity"),
    )


class CartCode(TenantScoped, Base):
    """A code that the shopper has put on a cart, and the plugin that knew it."""

    __tablename__ = "cart_code"
    cart_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)  # in capitals: a code is the same however it is written
    plugin: Mapped[str]
    label: Mapped[str]
    added_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "cart_id"], ["cart.tenant_id", "cart.id"], ondelete="CASCADE"),
    )
