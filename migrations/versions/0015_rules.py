"""The rules that brands set, version after version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0015"
down_revision = "0014"

OPERATOR, MANAGERS = "brand_operator", ("store_manager", "regional_manager")


def upgrade() -> None:
    tenant_table(
        op,
        "rule_version",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid()),
        sa.Column("store_id", sa.Uuid()),
        sa.Column("value", postgresql.JSONB()),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("restores", sa.BigInteger()),
        sa.CheckConstraint("region_id IS NULL OR store_id IS NULL", name=op.f("ck_rule_version_one_place")),
        sa.PrimaryKeyConstraint("tenant_id", "version", name="pk_rule_version"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "region_id"], ["region.tenant_id", "region.id"], name="fk_rule_version_tenant_id_region_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"], ["store.tenant_id", "store.id"], name="fk_rule_version_tenant_id_store_id"
        ),
        rights=APPEND_ONLY,
    )
    op.create_index(
        "ix_rule_version_place",
        "rule_version",
        ["tenant_id", "key", "region_id", "store_id", "effective_from", "version"],
    )
    op.create_index("ix_rule_version_key", "rule_version", ["tenant_id", "key", "version"])
    for tenant_id in op.get_bind().scalars(sa.text("SELECT id FROM tenant ORDER BY id")).all():
        op.execute(f"SET LOCAL app.tenant_id = '{tenant_id:d}'")
        _permit(["rules.read"], *MANAGERS, OPERATOR)
        _permit(["rules.set"], OPERATOR)
    op.execute("RESET app.tenant_id")


def downgrade() -> None:
    for tenant_id in op.get_bind().scalars(sa.text("SELECT id FROM tenant ORDER BY id")).all():
        op.execute(f"SET LOCAL app.tenant_id = '{tenant_id:d}'")
        op.execute("DELETE FROM role_permission WHERE tenant_id = current_tenant() AND permission LIKE 'rules.%'")
    op.execute("RESET app.tenant_id")
    op.drop_table("rule_version")


def _permit(permissions: list[str], *roles: str) -> None:
    """Let roles do this, as far as the tenant still has them."""
    op.get_bind().execute(
        sa.text("""
            INSERT INTO role_permission (tenant_id, role, permission)
            SELECT r.tenant_id, r.name, p.name FROM role r, unnest(cast(:permissions AS text[])) AS p (name)
            WHERE r.tenant_id = current_tenant() AND r.name = any(:roles) ON CONFLICT DO NOTHING
        """),
        {"permissions": permissions, "roles": list(roles)},
    )
