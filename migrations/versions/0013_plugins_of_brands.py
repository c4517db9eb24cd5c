"""Plugins that a brand has switched off again, what they were set to, and when; brand operators may switch them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

ALLOW = """
INSERT INTO role_permission (tenant_id, role, permission)
SELECT current_tenant(), r.name, unnest(ARRAY['plugins.read', 'plugins.manage']) FROM role r
WHERE r.tenant_id = current_tenant() AND r.name = 'brand_operator' ON CONFLICT DO NOTHING
"""
FORBID = "DELETE FROM role_permission WHERE tenant_id = current_tenant() AND permission LIKE 'plugins.%'"


def upgrade() -> None:
    op.add_column("tenant_plugin", sa.Column("enabled", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("tenant_plugin", sa.Column("version", sa.Text(), server_default="", nullable=False))
    now = sa.text("app_now()")
    op.add_column(
        "tenant_plugin", sa.Column("changed_at", sa.DateTime(timezone=True), server_default=now, nullable=False)
    )
    _for_each_tenant(ALLOW)


def downgrade() -> None:
    _for_each_tenant(FORBID)
    _for_each_tenant("DELETE FROM tenant_plugin WHERE tenant_id = current_tenant() AND NOT enabled")  # else on again
    for column in ("changed_at", "version", "enabled"):
        op.drop_column("tenant_plugin", column)


def _for_each_tenant(sql: str) -> None:
    for tenant_id in op.get_bind().scalars(sa.text("SELECT id FROM tenant ORDER BY id")).all():
        op.execute(f"SET LOCAL app.tenant_id = '{tenant_id:d}'")
        op.execute(sql)
