"""Documents that clients have registered, and whether a brand allows no others."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("tenant", sa.Column("trusted_only", sa.Boolean(), server_default="false", nullable=False))
    tenant_table(
        op,
        "trusted_document",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_trusted_document"),
        rights=("SELECT", "INSERT", "DELETE"),  # a document never changes under its id
    )


def downgrade() -> None:
    op.drop_table("trusted_document")
    op.drop_column("tenant", "trusted_only")
