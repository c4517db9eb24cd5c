"""Roles that reach regions, sessions that end at once, the audit log, and the members a store knows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0008"
down_revision = "0007"

NOBODY = "'00000000-0000-0000-0000-000000000000'"


def upgrade() -> None:
    op.add_column("tenant", sa.Column("token_generation", sa.Integer(), server_default="1", nullable=False))
    op.add_column("tenant", sa.Column("previous_token_until", sa.DateTime(timezone=True)))
    _let_roles_reach_regions()
    op.add_column("refresh_token", sa.Column("on_behalf_of", sa.Uuid()))
    op.add_column("refresh_token", sa.Column("scopes", sa.ARRAY(sa.Text())))
    op.drop_constraint(op.f("ck_refresh_token_subject_kind"), "refresh_token")
    op.create_check_constraint("subject_kind", "refresh_token", "subject_kind IN ('member', 'staff', 'app')")
    op.create_index("ix_refresh_token_subject", "refresh_token", ["tenant_id", "subject_kind", "subject_id"])
    _create_tables()
    for tenant_id in op.get_bind().scalars(sa.text("SELECT id FROM tenant ORDER BY id")).all():
        op.execute(f"SET LOCAL app.tenant_id = '{tenant_id:d}'")
        op.execute("""
            INSERT INTO member_store (tenant_id, store_id, member_id)
            SELECT DISTINCT tenant_id, store_id, member_id FROM sales_order WHERE member_id IS NOT NULL
        """)
    op.execute("RESET app.tenant_id")


def _let_roles_reach_regions() -> None:
    op.add_column("role_assignment", sa.Column("region_id", sa.Uuid()))
    op.create_foreign_key(
        "fk_role_assignment_tenant_id_region_id",
        "role_assignment",
        "region",
        ["tenant_id", "region_id"],
        ["tenant_id", "id"],
        ondelete="CASCADE",
    )
    op.create_check_constraint("one_scope", "role_assignment", "store_id IS NULL OR region_id IS NULL")
    op.drop_index("uq_role_assignment")
    op.create_index(
        "uq_role_assignment",
        "role_assignment",
        ["tenant_id", "staff_id", "role", sa.text(f"coalesce(store_id, region_id, {NOBODY})")],
        unique=True,
    )


def _create_tables() -> None:
    tenant_table(
        op,
        "ended_session",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_ended_session"),
    )
    tenant_table(
        op,
        "audit_entry",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("on_behalf_of", sa.Uuid()),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("store_id", sa.Uuid()),
        sa.Column("before", postgresql.JSONB()),
        sa.Column("after", postgresql.JSONB()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_audit_entry"),
        rights=APPEND_ONLY,
    )
    op.create_index("ix_audit_entry_store", "audit_entry", ["tenant_id", "store_id", "id"])
    op.create_index("ix_audit_entry_actor", "audit_entry", ["tenant_id", "actor_id", "id"])
    op.create_index("ix_audit_entry_subject", "audit_entry", ["tenant_id", "subject_id", "id"])
    op.create_index("ix_audit_entry_action", "audit_entry", ["tenant_id", "action", "id"])
    tenant_table(
        op,
        "member_store",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "store_id", "member_id", name="pk_member_store"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.id"],
            name="fk_member_store_tenant_id_member_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["store.tenant_id", "store.id"],
            name="fk_member_store_tenant_id_store_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_member_store_member", "member_store", ["tenant_id", "member_id"])


def downgrade() -> None:
    for table in ("member_store", "audit_entry", "ended_session"):
        op.drop_table(table)
    op.drop_index("ix_refresh_token_subject")
    op.drop_constraint(op.f("ck_refresh_token_subject_kind"), "refresh_token")
    op.create_check_constraint("subject_kind", "refresh_token", "subject_kind IN ('member', 'staff')")
    op.drop_column("refresh_token", "scopes")
    op.drop_column("refresh_token", "on_behalf_of")
    op.drop_index("uq_role_assignment")
    op.drop_constraint(op.f("ck_role_assignment_one_scope"), "role_assignment")
    op.drop_column("role_assignment", "region_id")
    op.create_index(
        "uq_role_assignment",
        "role_assignment",
        ["tenant_id", "staff_id", "role", sa.text(f"coalesce(store_id, {NOBODY})")],
        unique=True,
    )
    op.drop_column("tenant", "previous_token_until")
    op.drop_column("tenant", "token_generation")
