"""The registry of tenants, and the functions that row-level security and the clock stand on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database import tenant_table

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("""
        CREATE FUNCTION current_tenant() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
        RETURN nullif(current_setting('app.tenant_id', true), '')::bigint
    """)
    op.execute("""
        CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
        RETURN now() + make_interval(secs => coalesce(nullif(current_setting('app.clock_offset', true), ''), '0')::int)
    """)
    op.execute("GRANT EXECUTE ON FUNCTION current_tenant(), app_now() TO hexmart_app, hexmart_platform")
    op.create_table(
        "tenant",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="ACTIVE", nullable=False),
        sa.Column("suspended_because", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('ACTIVE', 'SUSPENDED')", name="status"),
        sa.UniqueConstraint("slug", name="uq_tenant_slug"),
    )
    op.create_table(
        "tenant_domain",
        sa.Column("host", sa.Text(), primary_key=True),
        sa.Column("tenant_id", sa.BigInteger(), sa.ForeignKey("tenant.id", name="fk_tenant_domain_tenant_id")),
    )
    op.alter_column("tenant_domain", "tenant_id", nullable=False)
    op.create_table(
        "platform_clock",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("offset_seconds", sa.BigInteger(), nullable=False),
    )
    op.execute("INSERT INTO platform_clock VALUES (1, 0)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON tenant, tenant_domain, platform_clock TO hexmart_platform")
    tenant_table(
        op,
        "tenant_plugin",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", name="pk_tenant_plugin"),
    )


def downgrade() -> None:
    for table in ("tenant_plugin", "platform_clock", "tenant_domain", "tenant"):
        op.drop_table(table)
    op.execute("DROP FUNCTION app_now()")
    op.execute("DROP FUNCTION current_tenant()")
