"""Brands that are there get what their first roles let people do in brands that are new."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

GRANTED = {
    "prices.explain": ("brand_operator", "regional_manager", "store_manager", "support"),
    "events.read": ("brand_operator",),
    "events.replay": ("brand_operator",),
}
ALLOW = sa.text("""
INSERT INTO role_permission (tenant_id, role, permission)
SELECT r.tenant_id, r.name, :permission FROM role r
WHERE r.tenant_id = current_tenant() AND r.name = any(:roles) ON CONFLICT DO NOTHING
""")
FORBID = sa.text("DELETE FROM role_permission WHERE tenant_id = current_tenant() AND permission = :permission")


def upgrade() -> None:
    for _ in _tenants():
        for permission, roles in GRANTED.items():
            op.get_bind().execute(ALLOW, {"permission": permission, "roles": list(roles)})
    op.execute("RESET app.tenant_id")


def downgrade() -> None:
    for _ in _tenants():
        for permission in GRANTED:
            op.get_bind().execute(FORBID, {"permission": permission})
    op.execute("RESET app.tenant_id")


def _tenants() -> Iterator[int]:
    """Each tenant, to which the connection is bound meanwhile."""
    for tenant_id in op.get_bind().scalars(sa.text("SELECT id FROM tenant ORDER BY id")).all():
        op.execute(f"SET LOCAL app.tenant_id = '{tenant_id:d}'")
        yield tenant_id
