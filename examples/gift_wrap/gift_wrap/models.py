"""Tables of gift wrapping. Their names begin with the plugin's, and the tenant leads every key."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Paper(Identified, Base):
    """A paper that gifts can be wrapped in."""

    __tablename__ = "gift_wrap_paper"
    name: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("tenant_id", "name"),)


class Line(TenantScoped, Base):
    """A cart line that is a gift: it goes with its line, and stays with what becomes an order. The card is sealed."""

    __tablename__ = "gift_wrap_line"
    cart_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID]
    card: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "cart_id", "variant_id"],
            ["cart_line.tenant_id", "cart_line.cart_id", "cart_line.variant_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["tenant_id", "paper_id"], ["gift_wrap_paper.tenant_id", "gift_wrap_paper.id"]),
    )


class Print(TenantScoped, Base):
    """A card of a paid order, to be printed once."""

    __tablename__ = "gift_wrap_print"
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    listed_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"], ondelete="CASCADE"
        ),
    )
