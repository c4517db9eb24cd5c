"""Stores, where they are, and the catalog."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from core.database import tenant_table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    tenant_table(
        op,
        "region",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_region"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_region_tenant_id_name"),
    )
    tenant_table(
        op,
        "store",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text()),
        sa.Column("region_id", sa.Uuid()),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text()),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("hours", JSONB(), nullable=False),
        sa.Column("rating", sa.Double()),
        sa.Column("fulfilments", ARRAY(sa.Text()), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_store"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "region_id"], ["region.tenant_id", "region.id"], name="fk_store_tenant_id_region_id"
        ),
        sa.UniqueConstraint("tenant_id", "code", name="uq_store_tenant_id_code"),
    )
    op.create_index("ix_store_city", "store", ["tenant_id", "city"])
    tenant_table(
        op,
        "store_cell",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("resolution", sa.SmallInteger(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "resolution", "cell", "store_id", name="pk_store_cell"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["store.tenant_id", "store.id"],
            name="fk_store_cell_tenant_id_store_id",
            ondelete="CASCADE",
        ),
    )
    tenant_table(
        op,
        "delivery_cell",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "cell", "store_id", name="pk_delivery_cell"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["store.tenant_id", "store.id"],
            name="fk_delivery_cell_tenant_id_store_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_delivery_cell_store", "delivery_cell", ["tenant_id", "store_id"])
    tenant_table(
        op,
        "category",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text()),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_category"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"], ["category.tenant_id", "category.id"], name="fk_category_tenant_id_parent_id"
        ),
        sa.UniqueConstraint("tenant_id", "slug", name="uq_category_tenant_id_slug"),
    )
    tenant_table(
        op,
        "product",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text()),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text()),
        sa.Column("category_id", sa.Uuid()),
        sa.Column("images", ARRAY(sa.Text()), nullable=False),
        sa.Column("rating", sa.Double()),
        sa.Column("lowest_price", sa.BigInteger(), nullable=False),
        sa.Column("highest_price", sa.BigInteger(), nullable=False),
        sa.Column("published", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_product"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "category_id"], ["category.tenant_id", "category.id"], name="fk_product_tenant_id_category_id"
        ),
        sa.UniqueConstraint("tenant_id", "slug", name="uq_product_tenant_id_slug"),
    )
    op.create_index("ix_product_category", "product", ["tenant_id", "category_id", "id"])
    op.create_index("ix_product_lowest_price", "product", ["tenant_id", "lowest_price", "id"])
    op.create_index("ix_product_name", "product", ["tenant_id", "name", "id"])
    tenant_table(
        op,
        "variant",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("barcode", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text()),
        sa.Column("options", JSONB(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("priced_per", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("list_price", sa.BigInteger()),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_variant"),
        sa.CheckConstraint("price >= 0 AND priced_per > 0", name="price"),
        sa.CheckConstraint("unit IN ('PIECE', 'GRAM', 'MILLILITRE')", name="unit"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"], ["product.tenant_id", "product.id"], name="fk_variant_tenant_id_product_id"
        ),
        sa.UniqueConstraint("tenant_id", "barcode", name="uq_variant_tenant_id_barcode"),
        sa.UniqueConstraint("tenant_id", "sku", name="uq_variant_tenant_id_sku"),
    )
    op.create_index("ix_variant_product", "variant", ["tenant_id", "product_id"])
    tenant_table(
        op,
        "shelf",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("price", sa.BigInteger()),
        sa.Column("list_price", sa.BigInteger()),
        sa.Column("placement", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "store_id", "variant_id", name="pk_shelf"),
        sa.CheckConstraint("price >= 0", name="price"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"], ["store.tenant_id", "store.id"], name="fk_shelf_tenant_id_store_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"], name="fk_shelf_tenant_id_variant_id"
        ),
    )
    tenant_table(
        op,
        "search_term",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "term", "product_id", name="pk_search_term"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["product.tenant_id", "product.id"],
            name="fk_search_term_tenant_id_product_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_search_term_product", "search_term", ["tenant_id", "product_id"])


def downgrade() -> None:
    for table in (
        "search_term",
        "shelf",
        "variant",
        "product",
        "category",
        "delivery_cell",
        "store_cell",
        "store",
        "region",
    ):
        op.drop_table(table)
