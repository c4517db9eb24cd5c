"""Members, staff, roles and sign-in."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    tenant_table(
        op,
        "member",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary()),
        sa.Column("tier", sa.Text()),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_member"),
        sa.UniqueConstraint("tenant_id", "phone_index", name="uq_member_tenant_id_phone_index"),
    )
    tenant_table(
        op,
        "one_time_code",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "phone_index", name="pk_one_time_code"),
    )
    tenant_table(
        op,
        "staff",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_staff"),
        sa.UniqueConstraint("tenant_id", "email_index", name="uq_staff_tenant_id_email_index"),
    )
    tenant_table(
        op,
        "refresh_token",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("family", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "token_hash", name="pk_refresh_token"),
        sa.CheckConstraint("subject_kind IN ('member', 'staff')", name="subject_kind"),
    )
    op.create_index("ix_refresh_token_family", "refresh_token", ["tenant_id", "family"])
    tenant_table(
        op,
        "role",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", name="pk_role"),
    )
    tenant_table(
        op,
        "role_permission",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "role", "permission", name="pk_role_permission"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "role"],
            ["role.tenant_id", "role.name"],
            name="fk_role_permission_tenant_id_role",
            ondelete="CASCADE",
        ),
    )
    tenant_table(
        op,
        "role_assignment",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_role_assignment"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "role"],
            ["role.tenant_id", "role.name"],
            name="fk_role_assignment_tenant_id_role",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["staff.tenant_id", "staff.id"],
            name="fk_role_assignment_tenant_id_staff_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["store.tenant_id", "store.id"],
            name="fk_role_assignment_tenant_id_store_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "uq_role_assignment",
        "role_assignment",
        ["tenant_id", "staff_id", "role", sa.text("coalesce(store_id, '00000000-0000-0000-0000-000000000000')")],
        unique=True,
    )


def downgrade() -> None:
    for table in (
        "role_assignment",
        "role_permission",
        "role",
        "refresh_token",
        "staff",
        "one_time_code",
        "member",
    ):
        op.drop_table(table)
