"""Plugins that a brand has switched off again, what they were set to, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("tenant_plugin", sa.Column("enabled", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("tenant_plugin", sa.Column("version", sa.Text(), server_default="", nullable=False))
    now = sa.text("app_now()")
    op.add_column(
        "tenant_plugin", sa.Column("changed_at", sa.DateTime(timezone=True), server_default=now, nullable=False)
    )


def downgrade() -> None:
    for column in ("changed_at", "version", "enabled"):
        op.drop_column("tenant_plugin", column)
