"""Tables of stores, where they are and where they deliver."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKeyConstraint, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Region(Identified, Base):
    """A group of stores, as the brand divides its map."""

    __tablename__ = "region"
    name: Mapped[str]

    __table_args__ = (UniqueConstraint("tenant_id", "name"),)


class Store(Identified, Base):
    """A shop. Opening hours are [[weekday, "08:00", "22:00"], ...] in the brand's time zone, Monday is 1."""

    __tablename__ = "store"
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    region_id: Mapped[UUID | None]
    city: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str | None]
    latitude: Mapped[float] = mapped_column(Double)
    longitude: Mapped[float] = mapped_column(Double)
    hours: Mapped[list[list[object]]] = mapped_column(JSONB)
    rating: Mapped[float | None] = mapped_column(Double)
    fulfilments: Mapped[list[str]] = mapped_column(ARRAY(Text))
    active: Mapped[bool] = mapped_column(server_default="true")

    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        ForeignKeyConstraint(["tenant_id", "region_id"], ["region.tenant_id", "region.id"]),
        Index("ix_store_city", "tenant_id", "city"),
    )


class StoreCell(TenantScoped, Base):
    """The H3 cell a store lies in, once for each resolution that a search may choose."""

    __tablename__ = "store_cell"
    resolution: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    cell: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"], ondelete="CASCADE"),
    )


class DeliveryCell(TenantScoped, Base):
    """A cell a store delivers to; neighbours that fill a parent are held as the parent."""

    __tablename__ = "delivery_cell"
    cell: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"], ondelete="CASCADE"),
        Index("ix_delivery_cell_store", "tenant_id", "store_id"),
    )


class Location(Identified, Base):
    """A place that holds stock. A store's location has the store's id; the store's row says where it is."""

    __tablename__ = "location"
    name: Mapped[str]
    kind: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default="true")  # of warehouses; a store's row says it of a store
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)

    __table_args__ = (
        CheckConstraint("kind IN ('STORE', 'WAREHOUSE')", name="kind"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="somewhere"),
    )
