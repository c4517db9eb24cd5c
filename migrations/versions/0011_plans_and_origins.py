"""The plan a brand is on, the origins of its web shops, and turns to take."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("tenant", sa.Column("plan", sa.Text(), server_default="standard", nullable=False))
    tenant_table(
        op,
        "turn",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", name="pk_turn"),
    )
    tenant_table(
        op,
        "tenant_origin",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "origin", name="pk_tenant_origin"),
    )


def downgrade() -> None:
    op.drop_table("tenant_origin")
    op.drop_table("turn")
    op.drop_column("tenant", "plan")
