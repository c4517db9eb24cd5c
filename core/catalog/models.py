"""Tables of the catalog."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Category(Identified, Base):
    """A shelf of the catalog; categories form a tree."""

    __tablename__ = "category"
    slug: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    parent_id: Mapped[UUID | None]
    position: Mapped[int] = mapped_column(Integer, server_default="0")

    __table_args__ = (
        UniqueConstraint("tenant_id", "slug"),
        ForeignKeyConstraint(["tenant_id", "parent_id"], ["category.tenant_id", "category.id"]),
    )


class Product(Identified, Base):
    """What a page shows; the prices are those of its cheapest and dearest variant."""

    __tablename__ = "product"
    slug: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    description: Mapped[str]
    description_en: Mapped[str | None]
    category_id: Mapped[UUID | None]
    images: Mapped[list[str]] = mapped_column(ARRAY(Text))
    rating: Mapped[float | None] = mapped_column(Double)
    lowest_price: Mapped[int]
    highest_price: Mapped[int]
    published: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("tenant_id", "slug"),
        ForeignKeyConstraint(["tenant_id", "category_id"], ["category.tenant_id", "category.id"]),
        Index("ix_product_name", "tenant_id", "name", "id"),
        Index("ix_product_lowest_price", "tenant_id", "lowest_price", "id"),
        Index("ix_product_category", "tenant_id", "category_id", "id"),
    )


class Variant(Identified, Base):
    """What is sold: counted in its unit, priced for so many of it (500 grams)."""

    __tablename__ = "variant"
    product_id: Mapped[UUID]
    sku: Mapped[str]
    barcode: Mapped[str | None]
    name: Mapped[str]
    name_en: Mapped[str | None]
    options: Mapped[list[list[str]]] = mapped_column(JSONB)
    unit: Mapped[str]
    priced_per: Mapped[int] = mapped_column(Integer)
    price: Mapped[int]
    list_price: Mapped[int | None]
    position: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    bundle: Mapped[bool] = mapped_column(server_default="false")  # whether it is made of other variants

    __table_args__ = (
        UniqueConstraint("tenant_id", "sku"),
        UniqueConstraint("tenant_id", "barcode"),
        ForeignKeyConstraint(["tenant_id", "product_id"], ["product.tenant_id", "product.id"]),
        Index("ix_variant_product", "tenant_id", "product_id"),
        CheckConstraint("unit IN ('PIECE', 'GRAM', 'MILLILITRE')", name="unit"),
        CheckConstraint("price >= 0 AND priced_per > 0", name="price"),
    )


class BundleComponent(TenantScoped, Base):
    """A variant that a bundle is made of, and how many of it."""

    __tablename__ = "bundle_component"
    bundle_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    position: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "bundle_id"], ["variant.tenant_id", "variant.id"]),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        CheckConstraint("bundle_id <> variant_id", name="other"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_bundle_component_variant", "tenant_id", "variant_id"),
    )


class Shelf(TenantScoped, Base):
    """A variant in one store, where it differs from the brand: its own price, its place."""

    __tablename__ = "shelf"
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    price: Mapped[int | None]
    list_price: Mapped[int | None]
    placement: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        CheckConstraint("price >= 0", name="price"),
    )


class SearchTerm(TenantScoped, Base):
    """A word or pair of characters under which a product is found; full-text indexes do not work under row security."""

    __tablename__ = "search_term"
    term: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    weight: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "product_id"], ["product.tenant_id", "product.id"], ondelete="CASCADE"),
        Index("ix_search_term_product", "tenant_id", "product_id"),
    )
