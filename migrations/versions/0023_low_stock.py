"""What runs low, and how far a brand's stock was looked at."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    tenant_table(
        op,
        "low_stock",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "location_id", "variant_id", name="pk_low_stock"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id", "variant_id"],
            ["stock.tenant_id", "stock.location_id", "stock.variant_id"],
            name="fk_low_stock_tenant_id_location_id_variant_id",
        ),
    )
    tenant_table(
        op,
        "low_stock_watch",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("seen", sa.Uuid(), nullable=False),
        sa.Column("round_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("location_id", sa.Uuid()),
        sa.Column("variant_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_low_stock_watch"),
    )


def downgrade() -> None:
    op.drop_table("low_stock_watch")
    op.drop_table("low_stock")
