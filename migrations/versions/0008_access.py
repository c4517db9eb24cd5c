"""Roles that reach regions, sessions that end at once, the audit log, and the members a store knows."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0008"
down_revision = "0007"

NOBODY = "'00000000-0000-0000-0000-000000000000'"

CLERK = ("orders.read", "orders.fulfil", "orders.verify", "orders.record_sale", "stock.read", "members.read")
MANAGED_BEFORE = (*CLERK, "orders.cancel", "payments.refund", "stock.adjust", "members.read_contact")
MANAGER = (*MANAGED_BEFORE, "staff.read", "roles.assign", "roles.explain", "audit.read")
#: what brands start with from now on: name, label, permissions
ROLES = (
    ("owner", "Owner", ("*",)),
    ("brand_operator", "Brand operator", (*MANAGER, "staff.manage", "roles.define", "brand.configure")),
    ("merchandiser", "Merchandiser", ("stock.read", "stock.adjust")),
    ("regional_manager", "Regional manager", (*MANAGER, "staff.manage")),
    ("store_manager", "Store manager", MANAGER),
    ("clerk", "Clerk", CLERK),
    ("courier", "Courier", ("orders.read", "orders.fulfil", "members.read_contact")),
    ("finance", "Finance", ("orders.read", "payments.refund", "members.read", "audit.read")),
    (
        "support",
        "Support",
        ("orders.read", "orders.cancel", "payments.refund", "members.read", "members.read_contact"),
    ),
)
OPERATOR = ("operator", "Operator of the platform", ("tenants.plans", "audit.read"))


def upgrade() -> None:
    op.add_column("tenant", sa.Column("token_generation", sa.Integer(), server_default="1", nullable=False))
    op.add_column("tenant", sa.Column("previous_token_until", sa.DateTime(timezone=True)))
    _let_roles_reach_regions()
    op.add_column("refresh_token", sa.Column("on_behalf_of", sa.Uuid()))
    op.add_column("refresh_token", sa.Column("scopes", sa.ARRAY(sa.Text())))
    op.drop_constraint(op.f("ck_refresh_token_subject_kind"), "refresh_token")
    op.create_check_constraint("subject_kind", "refresh_token", "subject_kind IN ('member', 'staff', 'app')")
    op.create_index("ix_refresh_token_subject", "refresh_token", ["tenant_id", "subject_kind", "subject_id"])
    for table in ("refresh_token", "one_time_code"):
        op.create_index(f"ix_{table}_expiry", table, ["tenant_id", "expires_at"])
    op.create_index(
        "ix_refresh_token_behalf",
        "refresh_token",
        ["tenant_id", "on_behalf_of"],
        postgresql_where=sa.text("on_behalf_of IS NOT NULL"),
    )
    _create_tables()
    for slug in _each_tenant():
        op.execute("""
            INSERT INTO member_store (tenant_id, store_id, member_id)
            SELECT DISTINCT tenant_id, store_id, member_id FROM sales_order WHERE member_id IS NOT NULL
        """)
        if slug == "platform":
            _add_roles(OPERATOR)
        else:
            _rename_role("manager", "store_manager")
            op.execute("DELETE FROM role_permission WHERE tenant_id = current_tenant() AND role = 'owner'")
            _add_roles(*ROLES)


def _each_tenant() -> Iterator[str]:
    """The slug of each, while its rows are to be seen."""
    for tenant_id, slug in op.get_bind().execute(sa.text("SELECT id, slug FROM tenant ORDER BY id")).all():
        op.execute(f"SET LOCAL app.tenant_id = '{tenant_id:d}'")
        yield slug
    op.execute("RESET app.tenant_id")


def _add_roles(*roles: tuple[str, str, Sequence[str]]) -> None:
    """Roles and permissions that the tenant lacks."""
    op.get_bind().execute(
        sa.text("""
            INSERT INTO role (tenant_id, name, label) VALUES (current_tenant(), :name, :label) ON CONFLICT DO NOTHING
        """),
        [{"name": name, "label": label} for name, label, _ in roles],
    )
    _allow(*[(name, permission) for name, _, permissions in roles for permission in permissions])


def _allow(*pairs: tuple[str, str]) -> None:
    op.get_bind().execute(
        sa.text("""
            INSERT INTO role_permission (tenant_id, role, permission)
            VALUES (current_tenant(), :role, :permission) ON CONFLICT DO NOTHING
        """),
        [{"role": role, "permission": permission} for role, permission in pairs],
    )


def _rename_role(before: str, after: str) -> None:
    """Another name for a role, with all that it may do, for all who have it."""
    for sql in (
        """INSERT INTO role (tenant_id, name, label)
            SELECT tenant_id, :after, label FROM role WHERE tenant_id = current_tenant() AND name = :before
            ON CONFLICT DO NOTHING""",
        """INSERT INTO role_permission (tenant_id, role, permission)
            SELECT tenant_id, :after, permission FROM role_permission
            WHERE tenant_id = current_tenant() AND role = :before ON CONFLICT DO NOTHING""",
        "UPDATE role_assignment SET role = :after WHERE tenant_id = current_tenant() AND role = :before",
        "DELETE FROM role WHERE tenant_id = current_tenant() AND name = :before",
    ):
        op.get_bind().execute(sa.text(sql), {"before": before, "after": after})


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
    op.create_index("ix_ended_session_until", "ended_session", ["tenant_id", "until"])
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
    for slug in _each_tenant():
        op.execute("DELETE FROM role_assignment WHERE tenant_id = current_tenant() AND region_id IS NOT NULL")
        op.execute("DELETE FROM refresh_token WHERE tenant_id = current_tenant() AND subject_kind = 'app'")
        if slug != "platform":
            _rename_role("store_manager", "manager")
            _allow(*[("owner", permission) for permission in MANAGED_BEFORE])
    for table in ("member_store", "audit_entry", "ended_session"):
        op.drop_table(table)
    for index in ("ix_refresh_token_expiry", "ix_one_time_code_expiry", "ix_refresh_token_subject"):
        op.drop_index(index)
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
