"""Bundles of variants, what those were made of that were sold, and who may make them."""

import sqlalchemy as sa
from alembic import op

from core.access.giving import give, take_back
from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0024"
down_revision = "0023"

GIVEN = {"catalog.manage": ("brand_operator", "merchandiser")}


def upgrade() -> None:
    op.add_column("variant", sa.Column("bundle", sa.Boolean(), server_default="false", nullable=False))
    _bundle_component()
    _sales_order_line_part()
    give(op, GIVEN)


def _bundle_component() -> None:
    tenant_table(
        op,
        "bundle_component",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "bundle_id", "variant_id", name="pk_bundle_component"),
        sa.CheckConstraint("bundle_id <> variant_id", name="other"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                ["variant.tenant_id", "variant.id"],
                name=f"fk_bundle_component_tenant_id_{column}",
            )
            for column in ("bundle_id", "variant_id")
        ),
    )
    op.create_index("ix_bundle_component_variant", "bundle_component", ["tenant_id", "variant_id"])


def _sales_order_line_part() -> None:
    tenant_table(
        op,
        "sales_order_line_part",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "order_line_id", "variant_id", name="pk_sales_order_line_part"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_line_id"],
            ["sales_order_line.tenant_id", "sales_order_line.id"],
            name="fk_sales_order_line_part_tenant_id_order_line_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "variant_id"],
            ["variant.tenant_id", "variant.id"],
            name="fk_sales_order_line_part_tenant_id_variant_id",
        ),
        rights=APPEND_ONLY,
    )


def downgrade() -> None:
    take_back(op, GIVEN)
    op.drop_table("sales_order_line_part")
    op.drop_table("bundle_component")
    op.drop_column("variant", "bundle")
